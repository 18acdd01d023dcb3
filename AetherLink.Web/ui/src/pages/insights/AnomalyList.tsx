import { Select, Stack } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { Choice, Typed } from '../../components/fields';
import { Figures } from '../../components/Figures';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { meaningOf } from '../../components/severity';
import { useLive } from '../../live/LiveProvider';
import { anomalyStates, described, figuresOf, meaningOfState, wordOfSeries, wordOfState } from './anomalies';
import type { Place } from './InsightsPage';
import { anomaliesQuery, anomalyStatsQuery, summaryQuery } from './queries';
import { filterFields, filterOf, type AnomalyFilter } from './search';

const spans = [
  { value: 'now', label: 'Now' },
  { value: '24', label: '24 hours' },
  { value: '168', label: '7 days' },
];

export function AnomalyList({ place: { search, tenant, go } }: { place: Place }) {
  const filter = filterOf(search);
  const hours = spans.some(({ value }) => value === search.hours) ? Number(search.hours) : undefined;
  const found = useInfiniteQuery(anomaliesQuery(filter, hours));
  const summary = useQuery(summaryQuery(filter.tenant_id));
  const stats = useQuery(anomalyStatsQuery(filter.tenant_id));
  const { blindSince } = useLive();
  const incidents = found.data?.pages.flatMap((page) => page.incidents) ?? [];
  const count = filterFields.filter((field) => filter[field] !== undefined).length;
  const set = (field: keyof AnomalyFilter) => (value: string | null) => go({ [field]: value ?? undefined });
  return (
    <Stack gap="sm">
      <Figures figures={figuresOf(stats.data, summary.data)} />
      <Filters label="Filter the anomalies" set={count} onClear={() => go(Object.fromEntries(filterFields.map((field) => [field, undefined])))}>
        <Choice label="Of when" data={spans} value={hours === undefined ? 'now' : String(hours)} onChange={(value) => go({ hours: value === 'now' ? undefined : value })} testId="anomaly-hours" />
        <Typed label="Series" value={filter.series ?? ''} onChange={set('series')} />
        <Select size="xs" label="Severity" placeholder="any" clearable data={['warning', 'error']} value={filter.severity ?? null} onChange={set('severity')} />
        {hours !== undefined && <Select size="xs" label="State" placeholder="any" clearable data={[...anomalyStates]} value={filter.state ?? null} onChange={set('state')} />}
        {tenant === null && <Typed label="Tenant" value={filter.tenant_id ?? ''} onChange={set('tenant_id')} />}
      </Filters>
      <Panel title={hours === undefined ? 'Unusual now' : 'What was unusual'} note={blindSince === undefined ? 'live, newest first' : 'behind: nothing live arrives just now'}>
        <Listing
          of={found} what="The anomalies" count={found.data && incidents.length}
          empty={count > 0 ? { what: 'No anomaly is like that', hint: 'Take a filter away to see more.' } : { what: hours === undefined ? 'Nothing is unusual' : 'Nothing was unusual', hint: 'A series needs some hours before it is known what is usual.', good: true }}
        >
          <Rows label="Anomalies">
            {incidents.map((incident) => (
              <Row
                key={incident.id}
                testId="anomaly-row"
                meaning={incident.state === 'open' && incident.ended_at === null ? meaningOf(incident.severity) : undefined}
                lead={<Badge meaning={meaningOf(incident.severity)}>{incident.severity}</Badge>}
                title={wordOfSeries(incident.series)}
                onOpen={() => go({ anomaly: incident.id })}
                subs={[
                  described(incident),
                  <>
                    since <Moment at={incident.since} />
                    {incident.ended_at && <> to <Moment at={incident.ended_at} /></>}
                    {incident.tenant_id !== 'default' && ` · ${incident.tenant_id}`}
                    {incident.triaged_by && ` · ${wordOfState(incident)} by ${incident.triaged_by}`}
                  </>,
                ]}
                end={<Badge meaning={meaningOfState(incident)}>{wordOfState(incident)}</Badge>}
              />
            ))}
          </Rows>
          <Older of={found} what="anomalies" />
        </Listing>
      </Panel>
    </Stack>
  );
}
