import { infiniteQueryOptions } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import { tenantsKey } from '../../live/askAgain';

const pageSize = 100;

/** By name and by page. Every event counts for its tenant: it is asked for again while events come, every few seconds at most. */
export const tenantsQuery = (hours: number, tenant: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...tenantsKey, hours, tenant ?? ''] as const,
    queryFn: async ({ signal, pageParam }) => {
      const query = { hours, limit: pageSize, ...(tenant !== undefined && { tenant_id: tenant }), ...(pageParam !== null && { cursor: pageParam }) };
      return unwrap(await commandCenter.GET('/tenant_analytics/summary', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    gcTime: 60_000,
    refetchOnWindowFocus: 'always',
  });
