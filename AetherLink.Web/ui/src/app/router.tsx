import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { healthQuery } from '../api/queries';
import { textsOf } from '../components/place';
import { Outcome } from '../components/Outcome';
import { readSearch as readAiSearch } from '../pages/ai/ai';
import { readSearch as readAlertsSearch } from '../pages/alerts/search';
import { readSearch as readAuditSearch } from '../pages/audit/audit';
import { readSearch as readDeliveriesSearch } from '../pages/deliveries/search';
import { readFilter, type EventFilter } from '../pages/events/filter';
import { readSearch as readHealsSearch } from '../pages/heals/heals';
import { readSearch as readInsightsSearch } from '../pages/insights/search';
import { readSearch as readMeshSearch } from '../pages/mesh/mesh';
import { OverviewPage } from '../pages/overview/OverviewPage';
import { readSearch as readOverviewSearch } from '../pages/overview/search';
import { readSearch as readTenantsSearch } from '../pages/tenants/tenants';
import { isIn, maySeeOperations, sessionQuery } from '../session/session';
import { localPath } from './localPath';
import { Shell } from './Shell';

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: ({ error }) => <Outcome state="failed" error={error} what="AetherLink" />,
  notFoundComponent: () => <Outcome state="empty" what="There is no such page" hint="The address may be mistyped." />,
});

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; failed?: string } => ({
    ...(localPath(search.to) && { to: search.to }),
    ...(typeof search.failed === 'string' && { failed: search.failed }),
  }),
  component: lazyRouteComponent(() => import('../pages/sign-in/SignInPage'), 'SignInPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(sessionQuery);
    // The router takes its redirects as thrown responses.
    if (!isIn(session))
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  },
  component: Shell,
});

export interface EventsSearch extends EventFilter {
  event?: string;
}

const getParentRoute = () => signedIn;

/** The state of the mesh is worth so long a wait before a page without it is drawn: usually it is there by then, and drawn once. */
const worthMs = 300;

async function known(client: QueryClient): Promise<void> {
  const session = client.getQueryData(sessionQuery.queryKey);
  if (!session || !maySeeOperations(session)) return;
  await Promise.race([client.prefetchQuery(healthQuery), new Promise((resolve) => setTimeout(resolve, worthMs))]);
}

/**
 * Each page is a file of its own, which a browser asks for when somebody goes there; what its address means is known before. But for
 * the overview, where people begin: what is read first there comes with the application.
 */
const pages = [
  createRoute({
    getParentRoute,
    path: '/',
    validateSearch: readOverviewSearch,
    loader: ({ context }) => known(context.client),
    component: OverviewPage,
  }),
  createRoute({
    getParentRoute,
    path: '/events',
    validateSearch: (search: Record<string, unknown>): EventsSearch => ({ ...readFilter(search), ...textsOf(search, ['event']) }),
    component: lazyRouteComponent(() => import('../pages/events/EventsPage'), 'EventsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/alerts',
    validateSearch: readAlertsSearch,
    component: lazyRouteComponent(() => import('../pages/alerts/AlertsPage'), 'AlertsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/deliveries',
    validateSearch: readDeliveriesSearch,
    component: lazyRouteComponent(() => import('../pages/deliveries/DeliveriesPage'), 'DeliveriesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/auto-heal',
    validateSearch: readHealsSearch,
    component: lazyRouteComponent(() => import('../pages/heals/HealsPage'), 'HealsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/ai',
    validateSearch: readAiSearch,
    component: lazyRouteComponent(() => import('../pages/ai/AiPage'), 'AiPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/tenants',
    validateSearch: readTenantsSearch,
    component: lazyRouteComponent(() => import('../pages/tenants/TenantsPage'), 'TenantsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/insights',
    validateSearch: readInsightsSearch,
    component: lazyRouteComponent(() => import('../pages/insights/InsightsPage'), 'InsightsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/mesh',
    validateSearch: readMeshSearch,
    component: lazyRouteComponent(() => import('../pages/mesh/MeshPage'), 'MeshPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/audit',
    validateSearch: readAuditSearch,
    component: lazyRouteComponent(() => import('../pages/audit/AuditPage'), 'AuditPage'),
  }),
] as const;

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([signInRoute, signedIn.addChildren([...pages])]),
    context: { client },
    defaultPreload: 'intent',
    // What is there stays until the next is: a filter that is slow to arrive must not take away the page in which it is typed.
    defaultPendingMs: Infinity,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
