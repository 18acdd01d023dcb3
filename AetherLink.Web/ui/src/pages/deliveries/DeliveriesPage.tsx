import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Session } from '../../api/types';
import { Figures } from '../../components/Figures';
import { Forbidden } from '../../components/Forbidden';
import { Page } from '../../components/Page';
import { maySeeOperations, sessionQuery } from '../../session/session';
import { figuresOf } from './deliveries';
import { DeliveryDetail } from './DeliveryDetail';
import { EndpointList } from './EndpointList';
import { HistoryList } from './HistoryList';
import { statsQuery } from './queries';
import { ReplayProgress } from './ReplayProgress';
import type { DeliveriesSearch } from './search';

export function DeliveriesPage() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  if (!maySeeOperations(session)) return <Forbidden what="What was delivered" who="operators and admins" session={session} />;
  return <Deliveries session={session} />;
}

export interface Place {
  search: DeliveriesSearch;
  session: Session;
  /** Into the address; what is undefined goes out of it. */
  go: (change: { [Field in keyof DeliveriesSearch]: DeliveriesSearch[Field] | undefined }) => void;
}

function Deliveries({ session }: { session: Session }) {
  const search = useSearch({ from: '/signed-in/deliveries' });
  const navigate = useNavigate({ from: '/deliveries' });
  const stats = useQuery(statsQuery(search.tenant_id));
  const place: Place = {
    search,
    session,
    go: (change) =>
      void navigate({
        search: (before) => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== '')),
      }),
  };
  return (
    <Page title="Deliveries">
      <Figures figures={figuresOf(stats.data)} />
      <ReplayProgress place={place} />
      <Tabs
        value={search.view ?? 'history'}
        keepMounted={false}
        onChange={(view) => place.go({ view: view === 'endpoints' ? 'endpoints' : undefined })}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="endpoints" data-testid="view-endpoints">
            Endpoints
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="history">
          <HistoryList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="endpoints">
          <EndpointList place={place} />
        </Tabs.Panel>
      </Tabs>
      <DeliveryDetail place={place} />
    </Page>
  );
}
