import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import { auditKey } from '../../live/askAgain';
import type { AuditFilter } from './audit';

const pageSize = 50;

export const entriesQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: [...auditKey, 'entries', filter] as const,
    queryFn: async ({ signal, pageParam }) =>
      unwrap(await commandCenter.GET('/audit/operator', { params: { query: { ...filter, limit: pageSize, ...(pageParam !== null && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    gcTime: 60_000,
    // Not every change is told by an event: whoever looks again sees them all.
    refetchOnWindowFocus: 'always',
  });

const weekHours = 168;

export const auditStatsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...auditKey, 'stats', tenant ?? ''],
    queryFn: async ({ signal }) =>
      unwrap(await commandCenter.GET('/audit/operator/stats', { params: { query: { hours: weekHours, ...(tenant !== undefined && { tenant_id: tenant }) } }, signal })),
    refetchOnWindowFocus: 'always',
  });

/** Reads the whole chain: asked for by a person, and not by a page. */
export const verifyQuery = queryOptions({
  queryKey: ['audit-verification'],
  queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/audit/operator/verify', { signal })),
  enabled: false,
  retry: false,
  gcTime: 0,
});
