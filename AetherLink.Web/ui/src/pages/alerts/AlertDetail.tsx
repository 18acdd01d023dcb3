import { Anchor, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { explain } from '../../api/problem';
import type { Alert } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Actions, DetailOf, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { meaningOf } from '../../components/severity';
import { because, matchersFor, nameOf, stateOf } from './alerts';
import { meaningOfState, wordOfState } from './AlertList';
import type { Place } from './AlertsPage';
import { useAcknowledge } from './changes';
import { alertQuery } from './queries';
import { SilenceForm } from './SilenceForm';

/** The alert that the address names. */
export function AlertDetail({ place: { search, tenant, go } }: { place: Place }) {
  const found = useQuery({ ...alertQuery(search.alert ?? ''), enabled: search.alert !== undefined });
  return (
    <DetailOf
      title="Alert" opened={search.alert !== undefined} of={found} thing={found.data} onClose={() => go({ alert: undefined })}
      missing={{ what: 'This alert is not among the newest', hint: 'Its events are still in the event history.' }}
    >
      {(alert) => ({ head: nameOf(alert), sub: because(alert), body: <Body alert={alert} tenant={tenant} go={go} /> })}
    </DetailOf>
  );
}

function Body({ alert, tenant, go }: { alert: Alert; tenant: string | null; go: Place['go'] }) {
  const [silencing, setSilencing] = useState(false);
  const acknowledge = useAcknowledge();
  const state = stateOf(alert);
  return (
    <>
      {state !== 'resolved' && (
        <Actions>
          {alert.acknowledged_at === null && (
            <Button size="xs" loading={acknowledge.isPending} onClick={() => acknowledge.mutate(alert.alert_id)} data-testid="detail-acknowledge">
              Acknowledge
            </Button>
          )}
          {alert.silenced_by === null && (
            <Button size="xs" variant="default" onClick={() => setSilencing(true)} data-testid="detail-silence">
              Silence
            </Button>
          )}
        </Actions>
      )}
      {acknowledge.isError && (
        <Text size="sm" c="var(--bad)" role="alert" mb="sm">
          {explain(acknowledge.error)}
        </Text>
      )}
      <Facts
        facts={[
          ['State', <Badge key="state" meaning={meaningOfState[state] ?? 'neutral'}>{wordOfState[state]}</Badge>],
          ['Severity', <Badge key="severity" meaning={meaningOf(alert.severity)}>{alert.severity}</Badge>],
          ['Tenant', alert.tenant_id],
          ['Raised', <Moment key="raised" at={alert.raised_at} seconds />],
          ['Taken on', alert.acknowledged_at && <span key="ack"><Moment at={alert.acknowledged_at} seconds /> by {alert.acknowledged_by}</span>],
          [
            'Silenced',
            alert.silenced_by && (
              <Anchor key="silence" component="button" type="button" size="sm" onClick={() => go({ silence: alert.silenced_by ?? undefined, alert: undefined })}>
                by a silence{alert.silenced_at && <>, <Moment at={alert.silenced_at} seconds /></>}
              </Anchor>
            ),
          ],
          ['Resolved', alert.resolved_at && <span key="end"><Moment at={alert.resolved_at} seconds />{alert.resolved_reason && ` · ${alert.resolved_reason}`}</span>],
          ['Rule', <Anchor key="rule" component="button" type="button" size="sm" onClick={() => go({ rule: alert.rule.rule_id, alert: undefined })}>{alert.rule.name}</Anchor>],
          ['Alert id', <Mono key="id">{alert.alert_id}</Mono>],
        ]}
      />
      <Section title="What raised it">
        <Matched tenant={alert.tenant_id} ids={alert.event_ids} until={new Date(Date.parse(alert.raised_at) + 1_000).toISOString()} />
      </Section>
      <SilenceForm opened={silencing} begin={{ matchers: matchersFor(alert), tenant_id: alert.tenant_id }} tenant={tenant} onClose={() => setSilencing(false)} />
    </>
  );
}

/** They lead to the history up to the alert, where they are among the newest. */
function Matched({ tenant, ids, until }: { tenant: string; ids: readonly string[]; until: string }) {
  if (ids.length === 0) return <Text size="xs" c="dimmed">Its events are not named.</Text>;
  return (
    <ul style={{ margin: 0, paddingLeft: 18 }}>
      {ids.map((id) => (
        <li key={id}>
          <Link to="/events" search={{ event: `${tenant}/${id}`, tenant_id: tenant, until }} style={{ color: 'var(--accent)' }}>
            <Mono>{id}</Mono>
          </Link>
        </li>
      ))}
    </ul>
  );
}
