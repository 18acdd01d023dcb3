import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Figures } from '../../components/Figures';
import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { figuresOf } from './deliveries';
import { DeliveryDetail } from './DeliveryDetail';
import { EndpointEditor } from './EndpointEditor';
import { EndpointList } from './EndpointList';
import { HistoryList } from './HistoryList';
import { statsQuery } from './queries';
import { ReplayProgress } from './ReplayProgress';
import type { DeliveriesSearch } from './search';

export type Place = PlaceOf<DeliveriesSearch>;

export const DeliveriesPage = () => (
  <OperatorsPage<DeliveriesSearch> title="Deliveries" what="What was delivered">{(place) => <Deliveries place={place} />}</OperatorsPage>
);

function Deliveries({ place }: { place: Place }) {
  const { search } = place;
  const stats = useQuery(statsQuery(search.tenant_id));
  return (
    <>
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
      <EndpointEditor place={place} />
    </>
  );
}
