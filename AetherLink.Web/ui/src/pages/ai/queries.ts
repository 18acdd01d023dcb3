import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { commandCenter, orchestrator, unwrap } from '../../api/client';
import { aiKey } from '../../live/askAgain';
import type { CallFilter } from './ai';

const hours = 24;
const pageSize = 50;

/** Circuits change by calls, of which events tell, and by time: whoever looks again sees them as they are. */
export const providersQuery = queryOptions({
  queryKey: [...aiKey, 'providers'],
  queryFn: async ({ signal }) => unwrap(await orchestrator.GET('/providers/health', { signal })),
  refetchOnWindowFocus: 'always',
});

export const usageQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...aiKey, 'usage', tenant ?? ''],
    queryFn: async ({ signal }) =>
      unwrap(await commandCenter.GET('/ops/ai/usage', { params: { query: { hours, ...(tenant !== undefined && { tenant_id: tenant }) } }, signal })),
    refetchOnWindowFocus: 'always',
  });

/** By tenant, which only the Orchestrator sums up. */
export const tenantsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...aiKey, 'tenants', tenant ?? ''],
    queryFn: async ({ signal }) =>
      unwrap(await orchestrator.GET('/usage', { params: { query: { hours, ...(tenant !== undefined && { tenant_id: tenant }) } }, signal })).by_tenant,
    refetchOnWindowFocus: 'always',
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
