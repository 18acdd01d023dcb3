import { useQuery } from '@tanstack/react-query';
import { Dot } from '../../components/Badge';
import { Figures } from '../../components/Figures';
import { OperatorsPage } from '../../components/OperatorsPage';
import type { Place } from '../../components/place';
import { useLive } from '../../live/LiveProvider';
import { Configuration } from './Configuration';
import { DeliveryRules } from './DeliveryRules';
import { figuresOf, verdictOf, type HealsSearch } from './heals';
import styles from './HealsPage.module.css';
import { HealTimeline } from './HealTimeline';
import { healStatsQuery, statusQuery } from './queries';
import { TargetList } from './TargetList';

export const HealsPage = () => <OperatorsPage<HealsSearch> title="Auto-Heal" what="Healing">{(place) => <Heals place={place} />}</OperatorsPage>;

function Heals({ place }: { place: Place<HealsSearch> }) {
  const { search: { target }, session, go } = place;
  const status = useQuery(statusQuery);
  const stats = useQuery(healStatsQuery);
  const { blindSince } = useLive();
  const verdict = blindSince === undefined ? status.data && verdictOf(status.data) : { meaning: 'neutral' as const, sentence: 'Nothing live arrives just now: what follows is how it stood' };
  const choose = (chosen: string | undefined) => go({ target: chosen });
  return (
    <>
      {verdict && (
        <div className={styles.verdict} data-meaning={verdict.meaning} role="status" data-testid="heal-verdict">
          <Dot meaning={verdict.meaning} />
          {verdict.sentence}
        </div>
      )}
      <Figures figures={figuresOf(stats.data)} />
      <div className={styles.columns}>
        <TargetList status={status} session={session} onChoose={choose} />
        <div className={styles.stack}>
          <Configuration status={status} />
          <DeliveryRules place={place} />
        </div>
      </div>
      <HealTimeline target={target} onChoose={choose} />
    </>
  );
}
