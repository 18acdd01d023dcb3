import { Button, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { explain } from '../../api/problem';
import type { AnomalyDetail as Detailed } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Actions, DetailOf, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Row, Rows } from '../../components/Rows';
import { meaningOf } from '../../components/severity';
import { described, figure, meaningOfState, sayable, verbs, wordOfSeries, wordOfState } from './anomalies';
import type { Place } from './InsightsPage';
import { anomalyQuery, useTriage } from './queries';
import { SeriesChart } from './SeriesChart';

/** The anomaly that the address names, with its series, its group and what people said of it. */
export function AnomalyDetail({ place: { search, go } }: { place: Place }) {
  const found = useQuery({ ...anomalyQuery(search.anomaly ?? ''), enabled: search.anomaly !== undefined });
  return (
    <DetailOf title="Anomaly" opened={search.anomaly !== undefined} of={found} thing={found.data} onClose={() => go({ anomaly: undefined })}>
      {(detailed) => ({
        head: wordOfSeries(detailed.incident.series),
        sub: detailed.incident.message,
        body: <Body key={detailed.incident.id} of={detailed} go={go} />,
      })}
    </DetailOf>
  );
}

function Body({ of: { incident, group, points }, go }: { of: Detailed; go: Place['go'] }) {
  const triage = useTriage();
  const [note, setNote] = useState('');
  const verdicts = sayable(incident);
  const others = group.filter(({ id }) => id !== incident.id);
  return (
    <>
      <Facts
        facts={[
          ['State', <Badge key="state" meaning={meaningOfState(incident)}>{wordOfState(incident)}</Badge>],
          ['Severity', <Badge key="severity" meaning={meaningOf(incident.severity)}>{incident.severity}</Badge>],
          ['Observed', `${described(incident)}, ${figure(incident.deviations)} usual deviations away`],
          ['Score', figure(incident.score)],
          ['Since', <Moment key="since" at={incident.since} seconds />],
          ['Told', <Moment key="told" at={incident.detected_at} seconds />],
          ['Over', incident.ended_at && <Moment key="over" at={incident.ended_at} seconds />],
          ['Judged', incident.triaged_by && <span key="by">{incident.triaged_at && <Moment at={incident.triaged_at} seconds />} by {incident.triaged_by}</span>],
          ['Note', incident.note],
          ['Tenant', incident.tenant_id],
          ['Series', <Mono key="series">{incident.series}</Mono>],
        ]}
      />
      <Section title="Around its beginning">
        {points.length === 0 ? <Outcome state="empty" what="The points of that time are gone" hint="They are kept for six hours." /> : <SeriesChart incident={incident} points={points} />}
      </Section>
      {verdicts.length > 0 && (
        <Section title="What do you say of it?">
          <Textarea
            aria-label="Note" placeholder="A note for whoever comes after" value={note} onChange={(event) => setNote(event.currentTarget.value)}
            autosize minRows={2} maxLength={1_000} mb={8} data-testid="anomaly-note"
          />
          <Actions>
            {verdicts.map((state) => (
              <Button
                key={state} size="xs" variant={state === 'false_positive' ? 'default' : 'filled'} data-testid={`say-${state}`}
                loading={triage.isPending && triage.variables.state === state} disabled={triage.isPending}
                onClick={() => triage.mutate({ id: incident.id, state, note }, { onSuccess: () => setNote('') })}
              >
                {verbs[state]}
              </Button>
            ))}
          </Actions>
        </Section>
      )}
      {triage.isError && <Text size="sm" c="var(--bad)" role="alert">{explain(triage.error)}</Text>}
      {others.length > 0 && (
        <Section title="Began with it">
          <Rows label="Began with it">
            {others.map((other) => (
              <Row
                key={other.id} lead={<Moment at={other.since} seconds />} title={wordOfSeries(other.series)} onOpen={() => go({ anomaly: other.id })}
                subs={[described(other)]} end={<Badge meaning={meaningOfState(other)}>{wordOfState(other)}</Badge>}
              />
            ))}
          </Rows>
        </Section>
      )}
    </>
  );
}
