import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { Outcome } from '../components/Outcome';
import { readSearch as readAiSearch } from '../pages/ai/ai';
import { AiPage } from '../pages/ai/AiPage';
import { AlertsPage } from '../pages/alerts/AlertsPage';
import { readSearch as readAlertsSearch } from '../pages/alerts/search';
import { DeliveriesPage } from '../pages/deliveries/DeliveriesPage';
import { readSearch as readDeliveriesSearch } from '../pages/deliveries/search';
import { EventsPage } from '../pages/events/EventsPage';
import { readFilter, type EventFilter } from '../pages/events/filter';
import { readSearch as readHealsSearch } from '../pages/heals/heals';
import { HealsPage } from '../pages/heals/HealsPage';
import { OverviewPage } from '../pages/overview/OverviewPage';
import { SignInPage } from '../pages/sign-in/SignInPage';
import { isIn, sessionQuery } from '../session/session';
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
  component: SignInPage,
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

/** What of the overview a person would want to share lives in the address. */
export interface OverviewSearch {
  event?: string;
  severity?: string;
}

const overviewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  validateSearch: (search: Record<string, unknown>): OverviewSearch => ({
    ...(typeof search.event === 'string' && { event: search.event }),
    ...(typeof search.severity === 'string' && { severity: search.severity }),
  }),
  component: OverviewPage,
});

export interface EventsSearch extends EventFilter {
  event?: string;
}

const eventsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/events',
  validateSearch: (search: Record<string, unknown>): EventsSearch => ({
    ...readFilter(search),
    ...(typeof search.event === 'string' && { event: search.event }),
  }),
  component: EventsPage,
});

const alertsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/alerts',
  validateSearch: readAlertsSearch,
  component: AlertsPage,
});

const deliveriesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/deliveries',
  validateSearch: readDeliveriesSearch,
  component: DeliveriesPage,
});

const healsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/auto-heal',
  validateSearch: readHealsSearch,
  component: HealsPage,
});

const aiRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/ai',
  validateSearch: readAiSearch,
  component: AiPage,
});

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([signInRoute, signedIn.addChildren([overviewRoute, eventsRoute, alertsRoute, deliveriesRoute, healsRoute, aiRoute])]),
    context: { client },
    defaultPendingMs: 200,
    defaultPendingComponent: () => <Outcome state="loading" what="AetherLink" />,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
