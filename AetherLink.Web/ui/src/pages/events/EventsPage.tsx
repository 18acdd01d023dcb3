import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OpsEvent } from '../../api/types';
import type { EventsSearch } from '../../app/router';
import { EventDetail } from '../../components/EventDetail';
import { OperatorsPage } from '../../components/OperatorsPage';
import { Outcome } from '../../components/Outcome';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import type { Place } from '../../components/place';
import { keyOf } from '../../live/events';
import { useLive } from '../../live/LiveProvider';
import { EventRow } from '../overview/EventRow';
import styles from './EventsPage.module.css';
import { FilterBar } from './FilterBar';
import { isNarrow, readFilter, type EventFilter } from './filter';
import { Histogram } from './Histogram';
import { searchQuery } from './queries';

export const EventsPage = () => <OperatorsPage<EventsSearch> title="Events" what="The event history">{(place) => <Events place={place} />}</OperatorsPage>;

function Events({ place: { search, tenant, go, only } }: { place: Place<EventsSearch> }) {
  const filter = readFilter({ ...search });
  const { blindSince } = useLive();
  const found = useInfiniteQuery(searchQuery(filter));
  const all = (found.data?.pages.flatMap((page) => page.events) ?? []) as OpsEvent[];
  const [paused, setPaused] = useState<{ of: string; events: OpsEvent[] }>();
  // A pause is of what was looked at: other filters begin live again.
  const of = JSON.stringify(filter);
  const held = paused?.of === of ? paused.events : undefined;
  const shown = held ?? all;
  const open = shown.find((event) => keyOf(event) === search.event) ?? all.find((event) => keyOf(event) === search.event);

  return (
    <>
      <FilterBar
        filter={filter}
        tenant={tenant}
        onSet={(field, value) => go({ [field]: value })}
        onClear={() => only({})}
      />
      <Histogram tenant={filter.tenant_id} />
      <Panel
        title="History"
        note={describe(held, all, filter, blindSince)}
        actions={
          filter.until === undefined && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={held ? <IconPlayerPlay size={13} stroke={1.8} /> : <IconPlayerPause size={13} stroke={1.8} />}
              aria-pressed={held !== undefined}
              onClick={() => setPaused(held ? undefined : { of, events: all })}
              data-testid="history-pause"
            >
              {held ? 'Go on' : 'Pause'}
            </Button>
          )
        }
      >
        {found.isPending && <Outcome state="loading" what="Events" rows={10} />}
        {found.isError && all.length === 0 && (
          <Outcome state="failed" what="The events" error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />
        )}
        {found.isSuccess && shown.length === 0 && (
          <Outcome
            state="empty"
            what={isNarrow(filter) ? 'No event is like that' : 'No events yet'}
            hint={isNarrow(filter) ? 'Take a filter away to see more.' : 'They appear here as they are committed.'}
          />
        )}
        {shown.length > 0 && (
          <ol className={styles.list}>
            {shown.map((event) => (
              <EventRow
                key={keyOf(event)}
                event={event}
                onOpen={() => go({ event: keyOf(event) })}
              />
            ))}
          </ol>
        )}
        {!held && <Older of={found} what="events" />}
      </Panel>
      <EventDetail
        eventKey={search.event}
        event={open}
        of={found}
        missing={{ what: 'This event is not among those shown', hint: 'Other filters, or older events, may show it.' }}
        onClose={() => go({ event: undefined })}
        onTrace={(trace_id) => only({ trace_id })}
      />
    </>
  );
}

function describe(held: OpsEvent[] | undefined, all: OpsEvent[], filter: EventFilter, blindSince: number | undefined): string {
  if (held) {
    const place = held[0] ? all.findIndex((event) => keyOf(event) === keyOf(held[0] as OpsEvent)) : all.length;
    const waiting = place < 0 ? all.length : place;
    return waiting > 0 ? `paused, ${waiting} waiting` : 'paused';
  }
  if (filter.until !== undefined) return 'of the past';
  if (blindSince !== undefined) return 'behind: nothing live arrives just now';
  return 'live, newest first';
}
