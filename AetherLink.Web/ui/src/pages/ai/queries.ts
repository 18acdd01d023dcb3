import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { commandCenter, orchestrator, unwrap } from '../../api/client';
import { aiKey } from '../../live/askAgain';
import type { CallFilter, Grouping } from './ai';

const hours = 24;
const pageSize = 50;

/** Circuits change by calls, of which events tell, and by time: whoever looks again sees them as they are. */
export const providersQuery = queryOptions({
  queryKey: [...aiKey, 'providers'],
  queryFn: async ({ signal }) => unwrap(await orchestrator.GET('/providers/health', { signal })),
  refetchOnWindowFocus: 'always',
});

export const usageQuery = (tenant: string | undefined, by: Grouping) =>
  queryOptions({
    queryKey: [...aiKey, 'usage', tenant ?? '', by],
    queryFn: async ({ signal }) =>
      unwrap(await commandCenter.GET('/ops/ai/usage', { params: { query: { hours, group_by: by, ...(tenant !== undefined && { tenant_id: tenant }) } }, signal })),
    refetchOnWindowFocus: 'always',
    // Told apart by something else it is the same use: the figures stay where they are meanwhile.
    placeholderData: (before, of) => (of?.queryKey[2] === (tenant ?? '') ? before : undefined),
  });

export const callsQuery = (filter: CallFilter) =>
  infiniteQueryOptions({
    queryKey: [...aiKey, 'calls', filter] as const,
    queryFn: async ({ signal, pageParam }) =>
      unwrap(await commandCenter.GET('/ops/ai/calls', { params: { query: { ...filter, limit: pageSize, ...(pageParam !== null && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    gcTime: 60_000,
  });
