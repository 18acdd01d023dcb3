import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { Time, Typed } from '../../components/fields';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { OperatorsPage } from '../../components/OperatorsPage';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import type { Place } from '../../components/place';
import { Row, Rows } from '../../components/Rows';
import { ActionsChart } from './ActionsChart';
import { filterFields, filterOf, meaningOfAction, wordOfAction, type AuditFilter, type AuditSearch } from './audit';
import { EntryDetail } from './EntryDetail';
import { auditStatsQuery, entriesQuery } from './queries';
import { Verification } from './Verification';

export const AuditPage = () => (
  <OperatorsPage<AuditSearch> title="Audit" what="Who did what">{(place) => <Audit place={place} />}</OperatorsPage>
);

function Audit({ place: { search, tenant, go } }: { place: Place<AuditSearch> }) {
  const filter = filterOf(search);
  const found = useInfiniteQuery(entriesQuery(filter));
  const stats = useQuery(auditStatsQuery(filter.tenant_id));
  const entries = found.data?.pages.flatMap((page) => page.entries) ?? [];
  const count = filterFields.filter((field) => filter[field] !== undefined).length;
  const set = (field: keyof AuditFilter) => (value: string) => go({ [field]: value });
  return (
    <>
      <Verification />
      <Panel title="Changes" note={stats.data && `${stats.data.total.toLocaleString()} in the last 7 days, by what was done`}>
        <Listing of={stats} what="The changes" count={stats.data && Object.keys(stats.data.by_action).length} empty={{ what: 'Nobody changed anything in the last 7 days', good: true }}>
          {stats.data && <ActionsChart byAction={stats.data.by_action} />}
        </Listing>
      </Panel>
      <Filters label="Filter the entries" set={count} onClear={() => go(Object.fromEntries(filterFields.map((field) => [field, undefined])))}>
        <Typed label="Who" value={filter.actor ?? ''} onChange={set('actor')} testId="filter-actor" />
        <Typed label="Did what" placeholder="alert_rule.created" value={filter.action ?? ''} onChange={set('action')} testId="filter-action" />
        <Typed label="To what" value={filter.target ?? ''} onChange={set('target')} />
        {tenant === null && <Typed label="Tenant" value={filter.tenant_id ?? ''} onChange={set('tenant_id')} />}
        <Time label="From" value={filter.since} onChange={set('since')} />
        <Time label="Until" value={filter.until} onChange={set('until')} />
      </Filters>
      <Panel title="Entries" note="newest first">
        <Listing of={found} what="The entries" count={found.data && entries.length} empty={count > 0 ? { what: 'No entry is like that', hint: 'Take a filter away to see more.' } : { what: 'Nobody has changed anything yet' }}>
          <Rows label="Entries">
            {entries.map((entry) => (
              <Row
                key={entry.sequence}
                testId="audit-row"
                lead={<Moment at={entry.at} seconds />}
                title={`${entry.actor}: ${wordOfAction(entry.action)}`}
                onOpen={() => go({ entry: String(entry.sequence) })}
                subs={[entry.target, [entry.tenant_id ?? 'all tenants', entry.roles.join(', '), entry.address && `from ${entry.address}`].filter(Boolean).join(' · ')]}
                end={<Badge meaning={meaningOfAction(entry.action)}>{entry.action.split('.').at(-1)?.replaceAll('_', ' ')}</Badge>}
              />
            ))}
          </Rows>
          <Older of={found} what="entries" />
        </Listing>
      </Panel>
      <EntryDetail number={search.entry} entry={entries.find(({ sequence }) => String(sequence) === search.entry)} of={found} onClose={() => go({ entry: undefined })} />
    </>
  );
}
