import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { aiEventTypes, keyOf } from '../live/events';
import { addAiCalls, addEvents, keptCalls, keptHeals, patchHealth, type AiCall } from '../live/patch';
import { autoHeal, commandCenter, unwrap } from './client';
import type { OpsEvent } from './types';

/** Fetched once and then patched by the live events: nothing here becomes stale by itself, and nothing polls. */
const patched = { staleTime: Infinity, gcTime: Infinity } as const;

/**
 * For lists that live events are put in front of. An event stays the object that it is: compared place by place with what stood there
 * before, each would be another one after every arrival, and all rows would be drawn anew.
 */
export const asTheyAre = { structuralSharing: false } as const;

export const firstEvents = 100;

/** What the stream brought since the page opened: an answer that was under way meanwhile is completed from it. */
export const liveEventsKey = ['live-events'] as const;

/** What the stream brings while a question is under way, oldest first: the answer may not know of it yet. */
function arriving(client: QueryClient): () => OpsEvent[] {
  const live = () => client.getQueryData<OpsEvent[]>(liveEventsKey) ?? [];
  const newest = live()[0];
  return () => {
    const place = newest ? live().findIndex((event) => keyOf(event) === keyOf(newest)) : -1;
    return live().slice(0, place < 0 ? undefined : place).reverse();
  };
}

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: async ({ signal, client }) => {
    const arrived = arriving(client);
    const fetched = unwrap(await commandCenter.GET('/ops/health', { signal }));
    return arrived().reduce(patchHealth, fetched);
  },
  ...patched,
  // Latencies are measured and not told as events: whoever looks again sees them as they are.
  refetchOnWindowFocus: 'always',
});

export const eventsQuery = queryOptions({
  queryKey: ['events'],
  queryFn: async ({ signal, client }) => {
    const fetched = await recent({ limit: firstEvents }, signal);
    const live = client.getQueryData<OpsEvent[]>(liveEventsKey) ?? [];
    return addEvents([...fetched], [...live].reverse().filter((event) => isNewer(event, fetched[0])));
  },
  ...patched,
  ...asTheyAre,
});

export const healsQuery = queryOptions({
  queryKey: ['heals'],
  queryFn: async ({ signal }) => {
    const query = { limit: keptHeals };
    return unwrap(await autoHeal.GET('/autoheal/history', { params: { query }, signal })).history;
  },
  ...patched,
});

export const aiCallsQuery = queryOptions({
  queryKey: ['ai-calls'],
  queryFn: async ({ signal }): Promise<AiCall[]> => {
    const calls = await recent({ limit: keptCalls, event_type: aiEventTypes.join(',') }, signal);
    return addAiCalls([], [...calls].reverse());
  },
  ...patched,
  ...asTheyAre,
});

/** The other events of one request through the mesh. */
export const traceQuery = (traceId: string) =>
  queryOptions({
    queryKey: ['event-trace', traceId],
    queryFn: ({ signal }) => recent({ limit: 50, trace_id: traceId }, signal),
  });

export async function recent(query: { limit: number; event_type?: string; trace_id?: string; until?: string }, signal: AbortSignal): Promise<OpsEvent[]> {
  return unwrap(await commandCenter.GET('/events/recent', { params: { query }, signal })).events as OpsEvent[];
}

const isNewer = (event: OpsEvent, than: OpsEvent | undefined): boolean =>
  than === undefined || Date.parse(event.received_at ?? event.timestamp) >= Date.parse(than.received_at ?? than.timestamp);
