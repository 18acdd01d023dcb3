import { Tabs } from '@mantine/core';
import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { AnomalyDetail } from './AnomalyDetail';
import { AnomalyList } from './AnomalyList';
import { CauseList } from './CauseList';
import { views, type InsightsSearch, type View } from './search';

export type Place = PlaceOf<InsightsSearch>;

const names: Record<View, string> = { causes: 'Probable causes', anomalies: 'Anomalies' };

export const InsightsPage = () => (
  <OperatorsPage<InsightsSearch> title="Insights" what="What the mesh noticed">{(place) => <Insights place={place} />}</OperatorsPage>
);

function Insights({ place }: { place: Place }) {
  const view = place.search.view ?? 'causes';
  return (
    <>
      <Tabs value={view} keepMounted={false} onChange={(chosen) => place.only(chosen === 'causes' ? {} : { view: chosen as View })}>
        <Tabs.List mb="sm">
          {views.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`view-${one}`}>
              {names[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="causes">
          <CauseList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="anomalies">
          <AnomalyList place={place} />
        </Tabs.Panel>
      </Tabs>
      <AnomalyDetail place={place} />
    </>
  );
}
