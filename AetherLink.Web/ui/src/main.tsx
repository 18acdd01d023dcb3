import './app/mantine';
import './app/global.css';
import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/problem';
import { asTheyAre, liveEventsKey } from './api/queries';
import { createAppRouter } from './app/router';
import { cssVariables, theme } from './app/theme';
import { sessionQuery } from './session/session';

const client = new QueryClient({
  queryCache: new QueryCache({
    // Whoever is nobody any more finds out by the first answer that says so.
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      gcTime: Infinity,
      refetchOnWindowFocus: false,
      // What the server refused will be refused again; what broke on the way may come through.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

client.setQueryDefaults(liveEventsKey, asTheyAre);

const router = createAppRouter(client);
// The page's own file is asked for beside the session, and not after it.
for (const route of router.getMatchedRoutes(location.pathname)[0]) void router.loadRouteChunk(route);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has lost its #root.');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
