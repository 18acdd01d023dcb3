import { useQuery } from '@tanstack/react-query';
import { Figures } from '../../components/Figures';
import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { Views } from '../../components/Views';
import { figuresOf } from './deliveries';
import { DeliveryDetail } from './DeliveryDetail';
import { EndpointEditor } from './EndpointEditor';
import { EndpointList } from './EndpointList';
import { HistoryList } from './HistoryList';
import { statsQuery } from './queries';
import { ReplayProgress } from './ReplayProgress';
import type { DeliveriesSearch, View } from './search';

export type Place = PlaceOf<DeliveriesSearch>;

const names: Record<View, string> = { history: 'History', endpoints: 'Endpoints' };
const parts = { history: HistoryList, endpoints: EndpointList };

export const DeliveriesPage = () => (
  <OperatorsPage<DeliveriesSearch> title="Deliveries" what="What was delivered">{(place) => <Deliveries place={place} />}</OperatorsPage>
);

function Deliveries({ place }: { place: Place }) {
  const { search } = place;
  const stats = useQuery(statsQuery(search.tenant_id));
  const view = search.view ?? 'history';
  const Part = parts[view];
  return (
    <>
      <Figures figures={figuresOf(stats.data)} />
      <ReplayProgress place={place} />
      <Views names={names} view={view} onChange={(chosen) => place.go({ view: chosen === 'history' ? undefined : chosen })}>
        <Part place={place} />
      </Views>
      <DeliveryDetail place={place} />
      <EndpointEditor place={place} />
    </>
  );
}
