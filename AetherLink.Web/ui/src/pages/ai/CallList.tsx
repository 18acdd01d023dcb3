import { Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { Typed } from '../../components/fields';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { useLive } from '../../live/LiveProvider';
import { asked, duration, filterFields, filterOf, type CallFilter } from './ai';
import type { Place } from './AiPage';
import { callsQuery } from './queries';

export function CallList({ place: { search, tenant, go } }: { place: Place }) {
  const filter = filterOf(search);
  const found = useInfiniteQuery(callsQuery(filter));
  const { blindSince } = useLive();
  const calls = found.data?.pages.flatMap((page) => page.calls) ?? [];
  const count = filterFields.filter((field) => filter[field] !== undefined).length;
  const set = (field: keyof CallFilter) => (value: string | null) => go({ [field]: value ?? undefined });
  return (
    <>
      <Filters label="Filter the calls" set={count} onClear={() => go(Object.fromEntries(filterFields.map((field) => [field, undefined])))}>
        <Typed label="Intent" value={filter.intent ?? ''} onChange={set('intent')} testId="filter-intent" />
        <Typed label="Provider" value={filter.provider ?? ''} onChange={set('provider')} />
        <Select size="xs" label="Outcome" placeholder="any" clearable data={['success', 'failed']} value={filter.outcome ?? null} onChange={set('outcome')} />
        {tenant === null && <Typed label="Tenant" value={filter.tenant_id ?? ''} onChange={set('tenant_id')} />}
      </Filters>
      <Panel title="Recent calls" note={blindSince === undefined ? 'newest first' : 'behind: nothing live arrives just now'}>
        <Listing of={found} what="The calls" count={found.data && calls.length} empty={count > 0 ? { what: 'No call is like that', hint: 'Take a filter away to see more.' } : { what: 'No calls yet', hint: 'Try an intent above.' }}>
          <Rows label="Recent calls">
            {calls.map((call) => (
              <Row
                key={`${call.tenant_id} ${call.call_id}`}
                testId="call-row"
                lead={<Moment at={call.timestamp} seconds />}
                title={call.intent}
                onOpen={() => go({ call: call.call_id })}
                subs={[`${asked(call)}${call.tenant_id === 'default' ? '' : ` · ${call.tenant_id}`} · ${duration(call.latency_ms)}`]}
                end={<Badge meaning={call.outcome !== 'success' ? 'bad' : call.fell_back ? 'attention' : 'good'}>{call.outcome !== 'success' ? call.outcome.replaceAll('_', ' ') : call.fell_back ? 'fell back' : (call.provider ?? 'answered')}</Badge>}
              />
            ))}
          </Rows>
          <Older of={found} what="calls" />
        </Listing>
      </Panel>
    </>
  );
}
