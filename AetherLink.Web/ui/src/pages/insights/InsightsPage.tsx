import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { AnomalyDetail } from './AnomalyDetail';
import { AnomalyList } from './AnomalyList';
import type { InsightsSearch } from './search';

export type Place = PlaceOf<InsightsSearch>;

export const InsightsPage = () => (
  <OperatorsPage<InsightsSearch> title="Insights" what="What the mesh noticed">
    {(place) => (
      <>
        <AnomalyList place={place} />
        <AnomalyDetail place={place} />
      </>
    )}
  </OperatorsPage>
);
