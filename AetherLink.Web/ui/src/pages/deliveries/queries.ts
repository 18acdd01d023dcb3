import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { deliveriesKey } from '../../live/askAgain';
import { commandCenter, unwrap } from '../../api/client';
import type { DeliveryFilter } from './search';

const pageSize = 50;

/** As far as the API counts and pages. */
const mostSkipped = 10_000;

/** The history, newest first. It is asked for again when an event, or the gateway, tells of a change. */
export const historyQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: [...deliveriesKey, 'history', filter] as const,
    queryFn: async ({ signal, pageParam }) =>
      unwrap(await commandCenter.GET('/alerts/deliveries/history', { params: { query: { ...filter, skip: pageParam, limit: pageSize } }, signal })),
    initialPageParam: 0,
    getNextPageParam: ({ skip, limit, total, total_capped }) =>
      skip + limit <= mostSkipped && (skip + limit < total || total_capped) ? skip + limit : null,
    staleTime: 0,
    gcTime: 60_000,
  });

export const statsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...deliveriesKey, 'stats', tenant ?? ''],
    queryFn: async ({ signal }) =>
      unwrap(await commandCenter.GET('/alerts/deliveries/stats', { params: { query: tenant === undefined ? {} : { tenant_id: tenant } }, signal })),
    refetchOnWindowFocus: 'always',
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: [...deliveriesKey, 'one', id],
    queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/alerts/deliveries/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
    gcTime: 60_000,
  });

const paged = { initialPageParam: null as string | null, getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor };
const page = (cursor: string | null) => ({ limit: pageSize, ...(cursor !== null && { cursor }) });

export const webhooksQuery = infiniteQueryOptions({
  queryKey: [...deliveriesKey, 'webhooks'] as const,
  queryFn: async ({ signal, pageParam }) =>
    unwrap(await commandCenter.GET('/alerts/webhooks', { params: { query: page(pageParam) }, signal })),
  ...paged,
  refetchOnWindowFocus: 'always',
});

export const cooldownsQuery = infiniteQueryOptions({
  queryKey: [...deliveriesKey, 'cooldowns'] as const,
  queryFn: async ({ signal, pageParam }) =>
    unwrap(await commandCenter.GET('/autoheal/cooldowns', { params: { query: page(pageParam) }, signal })),
  ...paged,
  refetchOnWindowFocus: 'always',
});

/** How far a replay is: the events of what it sends again, and that of its end, say when to ask. */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: [...deliveriesKey, 'job', id],
    queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/alerts/deliveries/replays/{id}', { params: { path: { id } }, signal })),
    gcTime: 60_000,
  });

/** What is to be sent again: what was ticked, or all that a filter matches. */
export type Wish = { ids: string[] } | { filter: DeliveryFilter };

/** What a replay would find. Nothing is sent. */
export const dryRunQuery = (wish: Wish) =>
  queryOptions({
    queryKey: ['delivery-dry-run', wish],
    queryFn: async ({ signal }) => unwrap(await commandCenter.POST('/alerts/deliveries/replay', { body: { ...wish, dry_run: true }, signal })),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** One for each decision to replay: asked twice, it is done once. Not randomUUID, which is missing on plain http. */
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const changed = (client: QueryClient) => client.invalidateQueries({ queryKey: deliveriesKey });

export function useReplayMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ wish, key }: { wish: Wish; key: string }) =>
      unwrap(await commandCenter.POST('/alerts/deliveries/replay', { params: { header: { 'Idempotency-Key': key } }, body: { ...wish, dry_run: false } })),
    onSuccess: () => changed(client),
  });
}

export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, key }: { id: string; key: string }) =>
      unwrap(await commandCenter.POST('/alerts/deliveries/{id}/replay', { params: { path: { id }, header: { 'Idempotency-Key': key } } })),
    onSuccess: () => changed(client),
  });
}

export function useTestSend() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.POST('/alerts/webhooks/{id}/test', { params: { path: { id } } })),
    onSuccess: () => changed(client),
  });
}

export function useClearCooldown() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await commandCenter.POST('/autoheal/clear_endpoint_cooldown', { body: { endpoint_url: id, endpoint: null } })),
    onSuccess: () => changed(client),
  });
}
