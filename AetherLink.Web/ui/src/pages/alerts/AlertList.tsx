import { Button, MultiSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { explain } from '../../api/problem';
import { Badge, type Meaning } from '../../components/Badge';
import { Typed } from '../../components/fields';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { meaningOf, severityOrder } from '../../components/severity';
import { useLive } from '../../live/LiveProvider';
import { because, nameOf } from './alerts';
import type { Place } from './AlertsPage';
import { useAcknowledge } from './changes';
import { alertsQuery } from './queries';
import { filterOf, type AlertState } from './search';

const states: { value: AlertState; label: string }[] = [
  { value: 'raised', label: 'Firing' },
  { value: 'acknowledged', label: 'Acknowledged' },
  { value: 'silenced', label: 'Silenced' },
  { value: 'resolved', label: 'Resolved' },
];

const nothing: Record<AlertState, { what: string; hint: string; good?: boolean }> = {
  raised: { what: 'Nothing is firing', hint: 'An alert appears here as soon as its rule fires.', good: true },
  acknowledged: { what: 'Nobody is at an alert', hint: 'Acknowledge one that fires, to say that you have taken it on.' },
  silenced: { what: 'No alert is silenced', hint: 'A silence mutes alerts for a time; they are still recorded.' },
  resolved: { what: 'No alert has ended yet', hint: 'One ends when there are fewer events than its rule asks for.' },
};

export const meaningOfState: Record<string, Meaning> = { raised: 'bad', acknowledged: 'attention', silenced: 'neutral', resolved: 'good' };
export const wordOfState: Record<string, string> = { raised: 'firing', acknowledged: 'acknowledged', silenced: 'silenced', resolved: 'resolved' };

export function AlertList({ place: { search, tenant, go } }: { place: Place }) {
  const filter = filterOf(search);
  const found = useInfiniteQuery(alertsQuery(filter));
  const { blindSince } = useLive();
  const acknowledge = useAcknowledge();
  const alerts = found.data?.pages.flatMap((page) => page.alerts) ?? [];
  const narrow = [filter.severity, filter.tenant_id, filter.rule_id].filter((value) => value !== undefined).length;
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="State"
        data={states}
        value={filter.state}
        onChange={(state) => go({ state: state === 'raised' ? undefined : (state as AlertState) })}
        style={{ justifySelf: 'start', alignSelf: 'flex-start' }}
        data-testid="alert-state"
      />
      <Filters label="Filter the alerts" set={narrow} onClear={() => go({ severity: undefined, tenant_id: undefined, rule_id: undefined })}>
        <MultiSelect
          size="xs"
          label="Severity"
          placeholder={filter.severity ? '' : 'any'}
          data={[...severityOrder]}
          value={filter.severity?.split(',') ?? []}
          onChange={(chosen) => go({ severity: chosen.join(',') })}
          clearable
        />
        {tenant === null && <Typed label="Tenant" value={filter.tenant_id ?? ''} onChange={(tenant_id) => go({ tenant_id })} />}
      </Filters>
      <Panel
        title={states.find(({ value }) => value === filter.state)?.label ?? 'Alerts'}
        note={blindSince === undefined ? `live, newest first${filter.rule_id === undefined ? '' : ', of one rule'}` : 'behind: nothing live arrives just now'}
      >
        {acknowledge.isError && (
          <Text size="sm" c="var(--bad)" role="alert" p="sm">
            {explain(acknowledge.error)}
          </Text>
        )}
        <Listing of={found} what="The alerts" count={found.data && alerts.length} empty={narrow > 0 ? { what: 'No alert is like that', hint: 'Take a filter away to see more.' } : nothing[filter.state]}>
          <Rows label="Alerts">
            {alerts.map((alert) => (
              <Row
                key={alert.alert_id}
                testId="alert-row"
                meaning={alert.state === 'raised' ? meaningOf(alert.severity) : undefined}
                lead={<Badge meaning={meaningOf(alert.severity)}>{alert.severity}</Badge>}
                title={nameOf(alert)}
                onOpen={() => go({ alert: alert.alert_id })}
                subs={[
                  because(alert),
                  <>
                    since <Moment at={alert.raised_at} />
                    {alert.tenant_id !== 'default' && ` · ${alert.tenant_id}`}
                    {alert.acknowledged_by && ` · taken on by ${alert.acknowledged_by}`}
                    {alert.resolved_at && (
                      <>
                        {' '}
                        · resolved <Moment at={alert.resolved_at} />
                      </>
                    )}
                  </>,
                ]}
                end={
                  alert.state === 'raised' && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      loading={acknowledge.isPending && acknowledge.variables === alert.alert_id}
                      onClick={() => acknowledge.mutate(alert.alert_id)}
                      aria-label={`Acknowledge ${alert.rule.name}`}
                      data-testid="acknowledge"
                    >
                      Acknowledge
                    </Button>
                  )
                }
              />
            ))}
          </Rows>
          <Older of={found} what="alerts" />
        </Listing>
      </Panel>
    </Stack>
  );
}
