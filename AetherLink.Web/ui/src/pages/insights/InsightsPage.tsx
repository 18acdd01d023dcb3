import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { Views } from '../../components/Views';
import { AnomalyDetail } from './AnomalyDetail';
import { AnomalyList } from './AnomalyList';
import { CauseList } from './CauseList';
import { ReplayList } from './ReplayList';
import type { InsightsSearch, View } from './search';

export type Place = PlaceOf<InsightsSearch>;

const names: Record<View, string> = { causes: 'Probable causes', anomalies: 'Anomalies', replays: 'Replays' };
const parts = { causes: CauseList, anomalies: AnomalyList, replays: ReplayList };

export const InsightsPage = () => (
  <OperatorsPage<InsightsSearch> title="Insights" what="What the mesh noticed">{(place) => <Insights place={place} />}</OperatorsPage>
);

function Insights({ place }: { place: Place }) {
  const view = place.search.view ?? 'causes';
  const Part = parts[view];
  return (
    <>
      <Views names={names} view={view} onChange={(chosen) => place.only(chosen === 'causes' ? {} : { view: chosen })}>
        <Part place={place} />
      </Views>
      <AnomalyDetail place={place} />
    </>
  );
}
