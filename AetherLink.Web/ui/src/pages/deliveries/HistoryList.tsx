import { Button, Checkbox, Select, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Badge } from '../../components/Badge';
import { Time, Typed } from '../../components/fields';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { useAhead } from '../../components/useAhead';
import { useLive } from '../../live/LiveProvider';
import type { Place } from './DeliveriesPage';
import { mayReplay, meaningOfStatus, wordOfStatus, wordOfTriage } from './deliveries';
import { historyQuery, type Wish } from './queries';
import { ReplayDialog } from './ReplayDialog';
import { filterFields, filterOf, idsOf, statuses, triages, withTick, type DeliveryFilter } from './search';

const named = (names: readonly string[], words: Record<string, string>) => names.map((value) => ({ value, label: words[value] ?? value }));

export function HistoryList({ place }: { place: Place }) {
  const { search, session, go } = place;
  const filter = filterOf(search);
  const found = useInfiniteQuery(historyQuery(filter));
  const { blindSince } = useLive();
  const ticks = useAhead(search.ticked ?? '', (ticked) => go({ ticked }));
  const ticked = idsOf(ticks.text);
  const [wish, setWish] = useState<Wish>();
  const deliveries = found.data?.pages.flatMap((page) => page.items) ?? [];
  const last = found.data?.pages.at(-1);
  const chosen = deliveries.filter(({ id }) => ticked.includes(id)).map(({ id }) => id);
  const set = (field: keyof DeliveryFilter) => (value: string | null) => go({ [field]: value ?? undefined });
  const tick = (id: string, on: boolean) => {
    const next = withTick(ticks.text, id, on);
    ticks.setText(next);
    ticks.ask(next);
  };
  const count = filterFields.filter((field) => filter[field] !== undefined).length;
  return (
    <Stack gap="sm">
      <Filters label="Filter the deliveries" set={count} onClear={() => go(Object.fromEntries(filterFields.map((field) => [field, undefined])))}>
        <Select
          size="xs" label="Status" placeholder="any" clearable data={named(statuses, wordOfStatus)} value={filter.status ?? null}
          onChange={set('status')} data-testid="filter-status"
        />
        <Select size="xs" label="Triage" placeholder="any" clearable data={named(triages, wordOfTriage)} value={filter.triage ?? null} onChange={set('triage')} />
        {(session.tenant_id ?? null) === null && <Typed label="Tenant" value={filter.tenant_id ?? ''} onChange={set('tenant_id')} />}
        <Typed label="Type" value={filter.event_type ?? ''} onChange={set('event_type')} />
        <Time label="Since" value={filter.start_time} onChange={set('start_time')} />
        <Time label="Until" value={filter.end_time} onChange={set('end_time')} />
      </Filters>
      <Panel
        title="History"
        note={blindSince !== undefined ? 'behind: nothing live arrives just now' : last && `${last.total.toLocaleString()}${last.total_capped ? ' or more' : ''}, newest first`}
        actions={
          chosen.length > 0 ? (
            <Button size="compact-xs" onClick={() => setWish({ ids: chosen })} data-testid="replay-ticked">
              Replay {chosen.length}
            </Button>
          ) : (
            <Button size="compact-xs" variant="default" disabled={deliveries.length === 0} onClick={() => setWish({ filter })} data-testid="replay-all">
              Replay all like these
            </Button>
          )
        }
      >
        <Listing
          of={found} what="The deliveries" count={found.data && deliveries.length}
          empty={count > 0 ? { what: 'No delivery is like that', hint: 'Take a filter away to see more.' } : { what: 'Nothing was delivered yet', hint: 'A delivery appears here when an event fits an endpoint.' }}
        >
          <Rows label="Deliveries">
            {deliveries.map((delivery) => (
              <Row
                key={delivery.id}
                testId="delivery-row"
                lead={
                  <Checkbox
                    size="xs" disabled={!mayReplay(delivery)} checked={ticked.includes(delivery.id)}
                    aria-label={`Choose ${delivery.event_type} to ${delivery.endpoint_url}`}
                    onChange={(event) => tick(delivery.id, event.currentTarget.checked)}
                  />
                }
                meaning={delivery.status === 'dead_letter' ? 'bad' : undefined}
                title={`${delivery.event_type} to ${delivery.endpoint_url}`}
                onOpen={() => go({ delivery: delivery.id })}
                subs={[
                  <>
                    <Moment at={delivery.created_at} seconds /> · {delivery.attempts} {delivery.attempts === 1 ? 'attempt' : 'attempts'}
                    {delivery.tenant_id !== 'default' && ` · ${delivery.tenant_id}`}
                    {delivery.http_status !== null && delivery.http_status !== undefined && ` · HTTP ${delivery.http_status}`}
                    {delivery.triage && ` · ${wordOfTriage[delivery.triage.label ?? 'unknown']}`}
                    {delivery.original_id && ' · a replay'}
                    {delivery.folded > 0 && ` · ${delivery.folded} folded into it`}
                    {delivery.next_attempt_at && <> · next <Moment at={delivery.next_attempt_at} seconds /></>}
                  </>,
                ]}
                end={<Badge meaning={meaningOfStatus[delivery.status] ?? 'neutral'}>{delivery.in_flight === true ? 'on the way' : wordOfStatus[delivery.status]}</Badge>}
              />
            ))}
          </Rows>
          <Older of={found} what="deliveries" />
        </Listing>
      </Panel>
      <ReplayDialog
        wish={wish}
        onClose={() => setWish(undefined)}
        onStarted={(job) => {
          setWish(undefined);
          go({ job, ticked: undefined });
        }}
      />
    </Stack>
  );
}
