import { useQuery } from '@tanstack/react-query';
import { healsQuery, healthQuery } from '../../api/queries';
import type { Heal } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Panel } from '../../components/Panel';
import { formatDuration } from '../../live/events';
import styles from './rows.module.css';

const shownHeals = 6;

export function HealsPanel() {
  const heals = useQuery(healsQuery);
  const health = useQuery(healthQuery);
  const well = health.data !== undefined && Object.values(health.data.services).every(({ status }) => status === 'up');
  const good = heals.data?.filter((heal) => heal.success).length ?? 0;
  return (
    <Panel title="Heals" note={heals.data && heals.data.length > 0 ? `${good} of the last ${heals.data.length} succeeded` : undefined}>
      {heals.isPending && <Outcome state="loading" what="Heals" rows={3} />}
      {heals.isError && !heals.data && (
        <Outcome
          state="failed"
          what="The heals"
          error={heals.error}
          onRetry={() => void heals.refetch()}
          retrying={heals.isFetching}
        />
      )}
      {heals.data?.length === 0 && <Outcome state="empty" good={well} what={well ? 'All systems healthy' : 'Nothing was healed yet'} {...(well && { hint: 'Nothing has needed healing.' })} />}
      {heals.data && heals.data.length > 0 && (
        <ol className={styles.list}>
          {heals.data.slice(0, shownHeals).map((heal) => (
            <HealRow key={`${heal.service} ${heal.timestamp}`} heal={heal} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function HealRow({ heal }: { heal: Heal }) {
  return (
    <li className={styles.row} data-testid="heal-row" data-service={heal.service} data-success={heal.success}>
      <Moment at={heal.timestamp * 1000} seconds className={styles.time} />
      <span className={styles.what}>
        <span className={styles.main}>
          {heal.service} <span className={styles.soft}>{heal.action}</span>
        </span>
        <span className={styles.sub} title={heal.msg ?? undefined}>
          {heal.reason || heal.msg || 'no reason given'}
        </span>
      </span>
      <span className={styles.end}>
        <Badge meaning={heal.success ? 'good' : 'bad'}>{heal.success ? (heal.verified ? 'healed' : 'done') : 'failed'}</Badge>
        <span className={styles.figure}>{typeof heal.duration_ms === 'number' ? formatDuration(heal.duration_ms) : ''}</span>
      </span>
    </li>
  );
}
