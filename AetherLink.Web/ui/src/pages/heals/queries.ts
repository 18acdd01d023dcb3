import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { autoHeal, commandCenter, unwrap } from '../../api/client';
import { healerKey } from '../../live/askAgain';
import { aheadOf, nextLook } from './heals';

/** As many as the API gives. */
const mostHeals = 50;

/** What it watches, and what the governor thinks of each. Asked for again when an event tells of a change, and once as a cooldown ends. */
export const statusQuery = queryOptions({
  queryKey: [...healerKey, 'status'],
  queryFn: async ({ signal }) => {
    const answer = await autoHeal.GET('/autoheal/status', { signal });
    return { ...unwrap(answer), aheadMs: aheadOf(answer.response.headers.get('Date'), Date.now()) };
  },
  refetchInterval: ({ state }) => (state.data && nextLook(state.data, Date.now() + state.data.aheadMs)) ?? false,
  refetchOnWindowFocus: 'always',
});

export const healStatsQuery = queryOptions({
  queryKey: [...healerKey, 'stats'],
  queryFn: async ({ signal }) => unwrap(await autoHeal.GET('/autoheal/stats', { signal })),
  refetchOnWindowFocus: 'always',
});

export const historyQuery = queryOptions({
  queryKey: [...healerKey, 'history'],
  queryFn: async ({ signal }) => unwrap(await autoHeal.GET('/autoheal/history', { params: { query: { limit: mostHeals } }, signal })),
  refetchOnWindowFocus: 'always',
});

/** The rules by which failed deliveries heal. */
export const deliveryRulesQuery = queryOptions({
  queryKey: ['delivery-healing-rules'],
  queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/autoheal/rules', { signal })).rules,
  refetchOnWindowFocus: 'always',
});

/** What would come of a restart by hand. Nothing is done; the API wants a reason all the same. */
export const forecastQuery = (target: string) =>
  queryOptions({
    queryKey: [...healerKey, 'forecast', target],
    queryFn: async ({ signal }) => {
      const body = { reason: 'asking what would happen', dry_run: true, force: false };
      return unwrap(await autoHeal.POST('/autoheal/{target}/restart', { params: { path: { target } }, body, signal })) as { would_restart: boolean; why: string };
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export function useRestart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ target, reason, force }: { target: string; reason: string; force: boolean }) =>
      unwrap(await autoHeal.POST('/autoheal/{target}/restart', { params: { path: { target } }, body: { reason, force, dry_run: false } })),
    onSettled: () => client.invalidateQueries({ queryKey: healerKey }),
  });
}

export function useDeleteDeliveryRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.DELETE('/autoheal/rules/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: deliveryRulesQuery.queryKey }),
  });
}
