import { Anchor, Button, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { explain } from '../../api/problem';
import type { DeliveryAttempt, DeliveryDetail as Detailed } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Actions, DetailOf, Payload, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Row, Rows } from '../../components/Rows';
import { formatDuration } from '../../live/events';
import type { Place } from './DeliveriesPage';
import { mayReplay, meaningOfStatus, wordOfStatus, wordOfTriage } from './deliveries';
import { deliveryQuery, newKey, useReplay } from './queries';

/** The delivery that the address names, with all that was tried. */
export function DeliveryDetail({ place: { search, go } }: { place: Place }) {
  const found = useQuery({ ...deliveryQuery(search.delivery ?? ''), enabled: search.delivery !== undefined });
  return (
    <DetailOf title="Delivery" opened={search.delivery !== undefined} of={found} thing={found.data} onClose={() => go({ delivery: undefined })}>
      {(detailed) => ({
        head: detailed.delivery.event_type,
        sub: <>to {detailed.delivery.endpoint_url}</>,
        body: <Body key={detailed.delivery.id} of={detailed} go={go} />,
      })}
    </DetailOf>
  );
}

const whose: Record<string, string> = { ours: 'our fault', network: "the network's fault", theirs: "the receiver's fault" };

function Body({ of: { delivery, payload, attempts, replays }, go }: { of: Detailed; go: Place['go'] }) {
  const replay = useReplay();
  // One key for as long as the drawer is open: a second press is the same wish.
  const [key] = useState(newKey);
  const other = (id: string) => (
    <Anchor component="button" type="button" size="sm" ta="left" onClick={() => go({ delivery: id })}>
      <Mono>{id}</Mono>
    </Anchor>
  );
  return (
    <>
      {mayReplay(delivery) && (
        <Actions>
          <Button
            size="xs" loading={replay.isPending} data-testid="replay-one"
            onClick={() => replay.mutate({ id: delivery.id, key }, { onSuccess: ({ new_id }) => go({ delivery: new_id }) })}
          >
            Replay
          </Button>
        </Actions>
      )}
      {replay.isError && (
        <Text size="sm" c="var(--bad)" role="alert" mb="sm">
          {explain(replay.error)}
        </Text>
      )}
      <Facts
        facts={[
          ['Status', <Badge key="status" meaning={meaningOfStatus[delivery.status] ?? 'neutral'}>{delivery.in_flight === true ? 'on the way' : wordOfStatus[delivery.status]}</Badge>],
          ['Triage', delivery.triage && `${wordOfTriage[delivery.triage.label ?? 'unknown']} (${delivery.triage.score} of 100): ${delivery.triage.advice}`],
          ['Tenant', delivery.tenant_id],
          ['Made', <Moment key="made" at={delivery.created_at} seconds />],
          ['Ended', delivery.completed_at && <Moment key="ended" at={delivery.completed_at} seconds />],
          ['Next attempt', delivery.next_attempt_at && <Moment key="next" at={delivery.next_attempt_at} seconds />],
          ['Folded', delivery.folded > 0 ? `${delivery.folded} events like it` : undefined],
          ['Event id', <Mono key="event">{delivery.event_id}</Mono>],
          ['Message id', <Mono key="message">{delivery.message_id}</Mono>],
          ['Replay of', delivery.original_id && <span key="original">{other(delivery.original_id)} by {delivery.replayed_by}</span>],
          ['Replays', replays.length > 0 && <span key="replays">{replays.map((id) => <div key={id}>{other(id)}</div>)}</span>],
        ]}
      />
      <Section title={`Attempts (${attempts.length})`}>
        {attempts.length === 0 ? <Outcome state="empty" what="It was not attempted yet" /> : (
          <Rows label="Attempts">
            {attempts.map((attempt) => (
              <Attempt key={attempt.number} attempt={attempt} />
            ))}
          </Rows>
        )}
      </Section>
      <Payload value={payload} />
    </>
  );
}

export function Attempt({ attempt }: { attempt: DeliveryAttempt }) {
  const good = attempt.error === null && !attempt.lease_lost;
  return (
    <Row
      testId="attempt-row"
      lead={<Moment at={attempt.at} seconds />}
      title={attempt.http_status === null ? (good ? 'Answered' : 'No answer') : `HTTP ${attempt.http_status}`}
      subs={[
        attempt.error,
        [attempt.fault && whose[attempt.fault], attempt.triage && wordOfTriage[attempt.triage], attempt.lease_lost && 'its process was lost on the way'].filter(Boolean).join(' · '),
        attempt.response_head && <Code key="head" style={{ whiteSpace: 'pre-wrap' }}>{attempt.response_head}</Code>,
      ]}
      end={<><Badge meaning={good ? 'good' : 'bad'}>{good ? 'taken' : 'failed'}</Badge><Text span size="xs" c="dimmed">{formatDuration(attempt.duration_ms)}</Text></>}
    />
  );
}
