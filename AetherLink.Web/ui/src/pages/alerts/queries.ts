import { infiniteQueryOptions, keepPreviousData, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import type { Alert, AlertPage, OpsEvent } from '../../api/types';
import { silencesKey } from '../../live/askAgain';
import { text } from '../../live/events';
import { afterEvent, belongs, tellsOfAlert } from './alerts';
import { previewOf, type RuleDraft } from './draft';
import type { AlertFilter } from './search';

const pageSize = 50;

/** What a list may hold before its oldest are let go. */
const mostRows = 1_000;

const listKey = 'alerts';
const oneKey = 'alert';
export const rulesKey = ['alert-rules'] as const;
export const templatesKey = ['alert-templates'] as const;

const paged = { initialPageParam: null as string | null, getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor };
const page = (cursor: string | null) => ({ limit: pageSize, ...(cursor !== null && { cursor }) });

/** Alerts of a state, newest first. What is told of them is put into it (patchAlerts). */
export const alertsQuery = (filter: AlertFilter) =>
  infiniteQueryOptions({
    queryKey: [listKey, filter] as const,
    queryFn: async ({ signal, pageParam }): Promise<AlertPage> =>
      unwrap(await commandCenter.GET('/alerts', { params: { query: { ...filter, ...page(pageParam) } }, signal })),
    ...paged,
    staleTime: 0,
    gcTime: 60_000,
  });

/** How far back an alert of an address is looked for; the API's largest page. */
const mostLookedThrough = 500;

/** One alert, by the address: as the lists know it, else among the newest. Null where it is in neither. */
export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: [oneKey, id] as const,
    queryFn: async ({ signal, client }): Promise<Alert | null> => {
      const query = { limit: mostLookedThrough };
      return listed(client, id) ?? unwrap(await commandCenter.GET('/alerts', { params: { query }, signal })).alerts.find((alert) => alert.alert_id === id) ?? null;
    },
    staleTime: Infinity,
    gcTime: 60_000,
  });

/** Nobody tells of a rule that was changed: whoever looks again sees it as it is. */
export const rulesQuery = infiniteQueryOptions({
  queryKey: rulesKey,
  queryFn: async ({ signal, pageParam }) =>
    unwrap(await commandCenter.GET('/alerts/rules', { params: { query: page(pageParam) }, signal })),
  ...paged,
  refetchOnWindowFocus: 'always',
});

export const ruleQuery = (id: string) =>
  queryOptions({
    queryKey: ['alert-rule', id],
    queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/alerts/rules/{id}', { params: { path: { id } }, signal })).rule,
    staleTime: 0,
    gcTime: 0,
  });

export const templatesQuery = infiniteQueryOptions({
  queryKey: templatesKey,
  queryFn: async ({ signal, pageParam }) =>
    unwrap(await commandCenter.GET('/alerts/templates', { params: { query: page(pageParam) }, signal })),
  ...paged,
  refetchOnWindowFocus: 'always',
});

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: [...templatesKey, id],
    queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/alerts/templates/{id}', { params: { path: { id } }, signal })).template,
  });

export const silencesQuery = (filter: { state: string; tenant_id?: string }) =>
  infiniteQueryOptions({
    queryKey: [...silencesKey, 'list', filter] as const,
    queryFn: async ({ signal, pageParam }) =>
      unwrap(await commandCenter.GET('/alerts/silences', { params: { query: { ...filter, ...page(pageParam) } }, signal })),
    ...paged,
    refetchOnWindowFocus: 'always',
  });

export const silenceQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...silencesKey, 'one', id] as const,
    queryFn: async ({ signal, pageParam }) =>
      unwrap(await commandCenter.GET('/alerts/silences/{id}', { params: { path: { id }, query: page(pageParam) }, signal })),
    ...paged,
  });

/** The types that there are, to choose from. */
export const eventTypesQuery = queryOptions({
  queryKey: ['event-types'],
  queryFn: async ({ signal }) =>
    unwrap(await commandCenter.GET('/events/schema', { signal })).schemas.map(({ event_type }) => event_type).sort(),
});

export const previewQuery = (draft: RuleDraft) => {
  const body = previewOf(draft);
  return queryOptions({
    queryKey: ['alert-preview', body],
    queryFn: async ({ signal }) => unwrap(await commandCenter.POST('/alerts/rules/preview', { body, signal })),
    // While the next answer is on its way the last one stands.
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
};

type Found = InfiniteData<AlertPage, string | null>;

const lists = (client: QueryClient) =>
  client.getQueryCache().findAll({ queryKey: [listKey] }).map(({ queryKey }) => ({ queryKey, filter: queryKey[1] as AlertFilter }));

const rows = (found: Found | undefined): Alert[] => found?.pages.flatMap((one) => one.alerts) ?? [];

const listed = (client: QueryClient, id: string): Alert | undefined =>
  lists(client)
    .flatMap(({ queryKey }) => rows(client.getQueryData<Found>(queryKey)))
    .find((alert) => alert.alert_id === id);

/** Puts what is told of alerts, oldest first, into the lists that are open. */
export function patchAlerts(client: QueryClient, events: readonly OpsEvent[]): void {
  for (const event of events.filter(tellsOfAlert)) {
    const id = text(event, 'alert_id') ?? '';
    const known = listed(client, id) ?? client.getQueryData<Alert | null>([oneKey, id]) ?? undefined;
    const alert = afterEvent(known, event);
    if (alert) putAlert(client, alert);
    // It is among none of what was fetched: the server knows where it belongs now.
    else refetchAlerts(client);
  }
}

/** Into the list where it belongs, and out of the others. */
export function putAlert(client: QueryClient, alert: Alert): void {
  client.setQueryData<Alert | null>([oneKey, alert.alert_id], (known) => known && alert);
  for (const { queryKey, filter } of lists(client))
    client.setQueryData<Found>(queryKey, (found) => found && withAlert(found, alert, belongs(filter, alert)));
}

export function withAlert(found: Found, alert: Alert, isOf: boolean): Found {
  const has = rows(found).some((one) => one.alert_id === alert.alert_id);
  if (!has && !isOf) return found;
  if (has) {
    const pages = found.pages.map((one) => ({
      ...one,
      alerts: one.alerts.flatMap((row) => (row.alert_id !== alert.alert_id ? [row] : isOf ? [alert] : [])),
    }));
    return { ...found, pages };
  }
  // By when it was raised; one that is older than what was fetched will come with its own page.
  const [all, last] = [rows(found), found.pages.at(-1)];
  const place = all.findIndex((row) => Date.parse(row.raised_at) <= Date.parse(alert.raised_at));
  if (!last || (place < 0 && last.next_cursor !== null)) return found;
  const alerts = place < 0 ? [...all, alert] : [...all.slice(0, place), alert, ...all.slice(place)];
  const cut = alerts.length > mostRows;
  return {
    pages: [{ ...last, alerts: alerts.slice(0, mostRows), next_cursor: cut ? null : last.next_cursor }],
    pageParams: found.pageParams.slice(0, 1),
  };
}

/** After an absence that the stream cannot fill, or a change that it does not tell whole. */
export function refetchAlerts(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: [listKey] });
}
