import { useQuery } from '@tanstack/react-query';
import { Figures } from '../../components/Figures';
import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place as PlaceOf } from '../../components/place';
import { TryIntentPanel } from '../overview/TryIntentPanel';
import { figuresOf, groupingOf, type AiSearch } from './ai';
import styles from './AiPage.module.css';
import { CallDetail } from './CallDetail';
import { CallList } from './CallList';
import { ProviderList } from './ProviderList';
import { usageQuery } from './queries';
import { UsageOverTime } from './UsageOverTime';
import { UsagePanels } from './UsagePanels';

export type Place = PlaceOf<AiSearch>;

export const AiPage = () => <OperatorsPage<AiSearch> title="AI" what="The use of AI">{(place) => <Ai place={place} />}</OperatorsPage>;

function Ai({ place }: { place: Place }) {
  const usage = useQuery(usageQuery(place.search.tenant_id, groupingOf(place.search)));
  return (
    <>
      <Figures figures={figuresOf(usage.data?.total)} />
      <div className={styles.columns}>
        <ProviderList />
        <TryIntentPanel tenant={place.tenant} />
      </div>
      <UsageOverTime usage={usage} place={place} />
      <UsagePanels usage={usage} tenant={place.search.tenant_id} />
      <CallList place={place} />
      <CallDetail place={place} />
    </>
  );
}
