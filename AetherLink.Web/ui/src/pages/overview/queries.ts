import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { commandCenter, unwrap, web } from '../../api/client';
import { asTheyAre, firstEvents, recent } from '../../api/queries';
import type { OpsEvent } from '../../api/types';
import { annotationsKey, timelineKey } from '../../live/askAgain';
import { aiEventTypes } from '../../live/events';
import { addAiCalls, keptCalls } from '../../live/patch';
import { isOfTimeline, merge, timeOf, timelineTypes } from './timeline';

const hourMs = 3_600_000;
const pageSize = 500;

/** What is more than this was a storm: its newest part is shown, and that it is a part is said. */
const mostPages = 4;

export interface Told {
  events: OpsEvent[];
  /** From when on it is all there, and whether that is later than was asked. */
  since: number;
  partial: boolean;
}

/** What happened in the last hours, newest first; what comes meanwhile is put into it (patchTimeline). */
export const timelineQuery = (hours: number) =>
  queryOptions({
    queryKey: [...timelineKey, hours] as const,
    queryFn: async ({ signal }): Promise<Told> => {
      const since = Date.now() - hours * hourMs;
      let events: OpsEvent[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < mostPages; page++) {
        const query = { event_type: timelineTypes.join(','), since: new Date(since).toISOString(), limit: pageSize, ...(cursor !== null && { cursor }) };
        const answer: { events: unknown; next_cursor: string | null } = unwrap(await commandCenter.GET('/events/recent', { params: { query }, signal }));
        events = merge(events, answer.events as OpsEvent[]);
        cursor = answer.next_cursor;
        if (cursor === null) return { events, since, partial: false };
      }
      const oldest = events.at(-1);
      return { events, since: oldest ? timeOf(oldest) : since, partial: true };
    },
    staleTime: Infinity,
    gcTime: 60_000,
    ...asTheyAre,
  });

export function patchTimeline(client: QueryClient, events: readonly OpsEvent[]): void {
  const told = events.filter(isOfTimeline);
  if (told.length === 0) return;
  client.setQueriesData<Told>({ queryKey: timelineKey }, (known) => known && { ...known, events: merge(known.events, told) });
}

/** How the mesh stood at a time: the API answers for the end of the minute that a moment is in, and this is the one before it. */
export const stateQuery = (at: number) =>
  queryOptions({
    queryKey: ['mesh-state', at] as const,
    queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/ops/state', { params: { query: { at: new Date(at - 1).toISOString() } }, signal })),
    staleTime: Infinity,
    gcTime: 60_000,
  });

/** The newest events as of a time. */
export const eventsThenQuery = (at: number) =>
  queryOptions({
    queryKey: ['events-then', at] as const,
    queryFn: ({ signal }) => recent({ limit: firstEvents, until: new Date(at).toISOString() }, signal),
    staleTime: Infinity,
    gcTime: 60_000,
  });

/** The newest calls to the AI as of a time. */
export const aiCallsThenQuery = (at: number) =>
  queryOptions({
    queryKey: ['ai-calls-then', at] as const,
    queryFn: async ({ signal }) =>
      addAiCalls([], (await recent({ limit: keptCalls, event_type: aiEventTypes.join(','), until: new Date(at).toISOString() }, signal)).reverse()),
    staleTime: Infinity,
    gcTime: 60_000,
  });

/** What Grafana holds of the last hours. Whoever looks again sees what people have noted there meanwhile, of which no event tells. */
export const annotationsQuery = (hours: number) =>
  queryOptions({
    queryKey: [...annotationsKey, hours] as const,
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const query = { from: new Date(now - hours * hourMs).toISOString(), to: new Date(now).toISOString() };
      return unwrap(await web.GET('/api/tools/annotations', { params: { query }, signal }));
    },
    refetchOnWindowFocus: 'always',
    // It is a lane more, and nothing waits for it.
    retry: false,
  });
