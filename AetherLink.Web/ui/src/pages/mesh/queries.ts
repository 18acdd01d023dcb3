import { queryOptions } from '@tanstack/react-query';
import { commandCenter, unwrap, web } from '../../api/client';
import type { OpsEvent, ServiceEntry, ServicePage } from '../../api/types';
import { meshKey } from '../../live/askAgain';

export const servicesQuery = queryOptions({
  queryKey: [...meshKey, 'services'],
  queryFn: async ({ signal }) => {
    const services: ServiceEntry[] = [];
    let cursor: string | null = null;
    do {
      const query: { cursor?: string } = cursor === null ? {} : { cursor };
      const page: ServicePage = unwrap(await commandCenter.GET('/ops/services', { params: { query }, signal }));
      services.push(...page.services);
      cursor = page.next_cursor;
    } while (cursor);
    return services;
  },
  refetchOnWindowFocus: 'always',
});

export const reconciliationQuery = queryOptions({
  queryKey: [...meshKey, 'reconciliation'],
  queryFn: async ({ signal }) => unwrap(await commandCenter.GET('/ops/reconciliation', { signal })),
  refetchOnWindowFocus: 'always',
});

/** As many changes as the API gives at once: enough for one service's last ones. */
const mostChanges = 200;

/** The versions that services answered with, newest first. */
export const versionsQuery = queryOptions({
  queryKey: [...meshKey, 'versions'],
  queryFn: async ({ signal }) => {
    const query = { event_type: 'service.version.changed', limit: mostChanges };
    return unwrap(await commandCenter.GET('/events/recent', { params: { query }, signal })).events as OpsEvent[];
  },
});

/** What beside the mesh runs to look at it with, as the gateway sees it now. */
export const toolsQuery = queryOptions({
  queryKey: ['tools'],
  queryFn: async ({ signal }) => unwrap(await web.GET('/api/tools', { signal })).tools,
  refetchOnWindowFocus: 'always',
});
