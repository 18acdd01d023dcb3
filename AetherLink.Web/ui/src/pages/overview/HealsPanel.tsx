import { useQuery } from '@tanstack/react-query';
import { healsQuery } from '../../api/queries';
import type { Heal } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { formatDuration } from '../../live/events';
import styles from './rows.module.css';
import { useMesh } from './useMesh';

const shownHeals = 6;

/** The last heals, or those of the hour before the minute that is shown. */
export function HealsPanel() {
  const asked = useQuery(healsQuery);
  const { at, asked: then, health, heals } = useMesh();
  const well = health !== undefined && Object.values(health.services).every(({ status }) => status === 'up');
  const good = heals?.filter((heal) => heal.success).length ?? 0;
  return (
    <Panel title="Heals" note={at !== undefined ? <>in the hour before <Moment at={at} /></> : heals && heals.length > 0 ? `${good} of the last ${heals.length} succeeded` : undefined}>
      <Listing
        of={at === undefined ? asked : then} what="The heals" count={heals?.length}
        empty={well ? { what: 'All systems healthy', hint: 'Nothing has needed healing.', good: true } : { what: 'Nothing was healed' }}
      >
        <ol className={styles.list}>
          {(heals ?? []).slice(0, shownHeals).map((heal) => (
            <HealRow key={`${heal.service} ${heal.timestamp}`} heal={heal} />
          ))}
        </ol>
      </Listing>
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
