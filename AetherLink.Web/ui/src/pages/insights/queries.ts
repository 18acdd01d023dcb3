import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import { anomaliesKey, causesKey, recommendationsKey } from '../../live/askAgain';
import type { CauseWindow } from './causes';
import type { ReplayFilter } from './replays';
import type { AnomalyFilter } from './search';

const pageSize = 50;
const page = (cursor: string | null) => ({ limit: pageSize, ...(cursor !== null && { cursor }) });

/** What is unusual now, or what began in the last hours. */
export const anomaliesQuery = (filter: AnomalyFilter, hours: number | undefined) =>
  infiniteQueryOptions({
    queryKey: [...anomaliesKey, 'list', filter, hours ?? 'now'] as const,
    queryFn: async ({ signal, pageParam }) => {
      const query = { ...filter, ...page(pageParam) };
      const { incidents, next_cursor } =
        hours === undefined
          ? unwrap(await commandCenter.GET('/anomalies/current', { params: { query }, signal }))
          : unwrap(await commandCenter.GET('/anomalies/history', { params: { query: { ...query, hours } }, signal }));
      return { incidents, next_cursor };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    gcTime: 60_000,
  });

export const summaryQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...anomaliesKey, 'summary', tenant ?? ''],
    queryFn: async ({ signal }) =>
      unwrap(await commandCenter.GET('/anomalies/current', { params: { query: { limit: 1, ...(tenant !== undefined && { tenant_id: tenant }) } }, signal })).summary,
  });

const monthHours = 720;

export const anomalyStatsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...anomaliesKey, 'stats', tenant ?? ''],
    queryFn: async ({ signal }) =>
      unwrap(await commandCenter.GET('/anomalies/stats', { params: { query: { hours: monthHours, ...(tenant !== undefined && { tenant_id: tenant }) } }, signal })),
  });

export const anomalyQuery = (id: string) =>
  queryOptions({
    queryKey: [...anomaliesKey, 'one', id],
    queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/anomalies/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
    gcTime: 60_000,
  });

export function useTriage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, state, note }: { id: string; state: string; note: string }) =>
      unwrap(await commandCenter.POST('/anomalies/{id}/triage', { params: { path: { id } }, body: { state, note: note.trim() || null } })),
    // Somebody else may have said something meanwhile: what is shown was old then.
    onSettled: () => client.invalidateQueries({ queryKey: anomaliesKey }),
  });
}

/** What probably caused what was wrong. While the window has no end it is asked for again when something is told. */
export const causesQuery = (window: CauseWindow) =>
  queryOptions({
    queryKey: [...causesKey, window],
    queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/insights/causes', { params: { query: window }, signal })),
    staleTime: 0,
    gcTime: 60_000,
  });

export function useJudge(window: CauseWindow) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, verdict, note }: { id: string; verdict: string; note: string }) =>
      unwrap(await commandCenter.POST('/insights/causes/{id}/verdict', { params: { path: { id }, query: window }, body: { verdict, note: note.trim() || null } })),
    onSettled: () => client.invalidateQueries({ queryKey: causesKey }),
  });
}

/** What is safe to be sent again, or what else is recommended, newest first. A page may be short, and only null is the end. */
export const recommendationsQuery = (filter: ReplayFilter) =>
  infiniteQueryOptions({
    queryKey: [...recommendationsKey, filter] as const,
    queryFn: async ({ signal, pageParam }) =>
      unwrap(await commandCenter.GET('/insights/replay-recommendations', { params: { query: { ...filter, ...page(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    gcTime: 60_000,
  });
