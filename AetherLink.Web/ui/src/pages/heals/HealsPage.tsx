import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Session } from '../../api/types';
import { Dot } from '../../components/Badge';
import { Figures } from '../../components/Figures';
import { Forbidden } from '../../components/Forbidden';
import { Page } from '../../components/Page';
import { useLive } from '../../live/LiveProvider';
import { maySeeOperations, sessionQuery } from '../../session/session';
import { Configuration } from './Configuration';
import { figuresOf, verdictOf } from './heals';
import styles from './HealsPage.module.css';
import { HealTimeline } from './HealTimeline';
import { healStatsQuery, statusQuery } from './queries';
import { TargetList } from './TargetList';

export function HealsPage() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  if (!maySeeOperations(session)) return <Forbidden what="Healing" who="operators and admins" session={session} />;
  return <Heals session={session} />;
}

function Heals({ session }: { session: Session }) {
  const { target } = useSearch({ from: '/signed-in/auto-heal' });
  const navigate = useNavigate({ from: '/auto-heal' });
  const status = useQuery(statusQuery);
  const stats = useQuery(healStatsQuery);
  const { blindSince } = useLive();
  const verdict = blindSince === undefined ? status.data && verdictOf(status.data) : { meaning: 'neutral' as const, sentence: 'Nothing live arrives just now: what follows is how it stood' };
  const choose = (chosen: string | undefined) => void navigate({ search: chosen === undefined ? {} : { target: chosen } });
  return (
    <Page title="Auto-Heal">
      {verdict && (
        <div className={styles.verdict} data-meaning={verdict.meaning} role="status" data-testid="heal-verdict">
          <Dot meaning={verdict.meaning} />
          {verdict.sentence}
        </div>
      )}
      <Figures figures={figuresOf(stats.data)} />
      <div className={styles.columns}>
        <TargetList status={status} session={session} onChoose={choose} />
        <Configuration status={status} />
      </div>
      <HealTimeline target={target} onChoose={choose} />
    </Page>
  );
}
