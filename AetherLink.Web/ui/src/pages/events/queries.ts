import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import { asTheyAre } from '../../api/queries';
import type { EventPage, OpsEvent } from '../../api/types';
import { eventStatsKey } from '../../live/askAgain';
import { keyOf } from '../../live/events';
import { matches, type EventFilter } from './filter';

const pageSize = 100;

/** What a page may hold before the oldest are let go: a browser draws so many rows without effort. */
const mostRows = 2_000;

const searchKey = 'event-search';

/** The history, newest first and page by page. Live events are put in front of it (patchSearches). */
export const searchQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: [searchKey, filter] as const,
    queryFn: async ({ signal, pageParam }): Promise<EventPage> =>
      unwrap(
        await commandCenter.GET('/events/recent', {
          params: { query: { limit: pageSize, ...filter, ...(pageParam !== null && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    gcTime: 60_000,
    ...asTheyAre,
  });

export const statsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...eventStatsKey, tenant ?? ''],
    queryFn: async ({ signal }) =>
      unwrap(await commandCenter.GET('/events/stats', { params: { query: { hours: 24, ...(tenant && { tenant_id: tenant }) } }, signal })),
    refetchOnWindowFocus: 'always',
  });

type Found = InfiniteData<EventPage, string | null>;

/** Puts live events, oldest first, into every search that is open and that they belong to. */
export function patchSearches(client: QueryClient, events: readonly OpsEvent[]): void {
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: [searchKey] })) {
    const filter = queryKey[1] as EventFilter;
    client.setQueryData<Found>(queryKey, (found) => found && addLive(found, events.filter((event) => matches(filter, event))));
  }
}

export function addLive(found: Found, arrived: readonly OpsEvent[]): Found {
  const [first, ...rest] = found.pages;
  if (!first || arrived.length === 0) return found;
  const known = new Set(first.events.map((event) => keyOf(event as OpsEvent)));
  const fresh = arrived.filter((event) => !known.has(keyOf(event))).reverse() as unknown as EventPage['events'];
  if (fresh.length === 0) return found;
  const events = [...fresh, ...first.events];
  const rows = rest.reduce((sum, page) => sum + page.events.length, events.length);
  if (rows <= mostRows) return { ...found, pages: [{ ...first, events }, ...rest] };
  // The oldest go; whoever wants them narrows the time.
  return { pages: [{ ...first, events: events.slice(0, mostRows), next_cursor: null }], pageParams: found.pageParams.slice(0, 1) };
}

/** After an absence that the stream cannot fill. */
export function refetchSearches(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: [searchKey] });
}
