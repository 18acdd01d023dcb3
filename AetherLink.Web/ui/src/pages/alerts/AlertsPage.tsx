import { Tabs } from '@mantine/core';
import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { AlertDetail } from './AlertDetail';
import { AlertList } from './AlertList';
import { RuleEditor } from './RuleEditor';
import { RuleList } from './RuleList';
import { views, type AlertsSearch, type View } from './search';
import { SilenceDetail } from './SilenceDetail';
import { SilenceList } from './SilenceList';
import { TemplateEditor } from './TemplateEditor';
import { TemplateList } from './TemplateList';

const names: Record<View, string> = { alerts: 'Alerts', rules: 'Rules', templates: 'Templates', silences: 'Silences' };

export type Place = PlaceOf<AlertsSearch>;

export const AlertsPage = () => <OperatorsPage<AlertsSearch> title="Alerts" what="Alerting">{(place) => <Alerts place={place} />}</OperatorsPage>;

function Alerts({ place }: { place: Place }) {
  const { search } = place;
  const view = search.view ?? 'alerts';
  return (
    <>
      <Tabs
        value={view}
        keepMounted={false}
        onChange={(chosen) => place.only(chosen === 'alerts' ? {} : { view: chosen as View })}
      >
        <Tabs.List mb="sm">
          {views.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`view-${one}`}>
              {names[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="alerts">
          <AlertList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RuleList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <TemplateList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <SilenceList place={place} />
        </Tabs.Panel>
      </Tabs>
      <AlertDetail place={place} />
      <RuleEditor place={place} />
      <TemplateEditor place={place} />
      <SilenceDetail place={place} />
    </>
  );
}
