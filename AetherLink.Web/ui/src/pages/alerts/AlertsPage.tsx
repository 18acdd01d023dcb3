import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { Views } from '../../components/Views';
import { AlertDetail } from './AlertDetail';
import { AlertList } from './AlertList';
import { RuleEditor } from './RuleEditor';
import { RuleList } from './RuleList';
import type { AlertsSearch, View } from './search';
import { SilenceDetail } from './SilenceDetail';
import { SilenceList } from './SilenceList';
import { TemplateEditor } from './TemplateEditor';
import { TemplateList } from './TemplateList';

const names: Record<View, string> = { alerts: 'Alerts', rules: 'Rules', templates: 'Templates', silences: 'Silences' };
const parts = { alerts: AlertList, rules: RuleList, templates: TemplateList, silences: SilenceList };

export type Place = PlaceOf<AlertsSearch>;

export const AlertsPage = () => <OperatorsPage<AlertsSearch> title="Alerts" what="Alerting">{(place) => <Alerts place={place} />}</OperatorsPage>;

function Alerts({ place }: { place: Place }) {
  const view = place.search.view ?? 'alerts';
  const Part = parts[view];
  return (
    <>
      <Views names={names} view={view} onChange={(chosen) => place.only(chosen === 'alerts' ? {} : { view: chosen })}>
        <Part place={place} />
      </Views>
      <AlertDetail place={place} />
      <RuleEditor place={place} />
      <TemplateEditor place={place} />
      <SilenceDetail place={place} />
    </>
  );
}
