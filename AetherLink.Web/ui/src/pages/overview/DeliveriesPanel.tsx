import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Panel } from '../../components/Panel';
import { atRisk } from '../deliveries/deliveries';
import { statsQuery } from '../deliveries/queries';
import styles from './rows.module.css';

/** Deliveries that may not arrive, or did not; each kind leads to its rows. */
export function DeliveriesPanel() {
  const stats = useQuery(statsQuery(undefined));
  const risks = stats.data && atRisk(stats.data);
  return (
    <Panel title="Deliveries at risk" actions={<Link to="/deliveries" className={styles.all}>All deliveries</Link>}>
      <Listing of={stats} what="The deliveries" count={risks?.length} empty={{ what: 'No delivery is at risk', good: true }}>
        <ol className={styles.list}>
          {(risks ?? []).map(({ name, count, note, meaning, status }) => (
            <li key={name} data-testid="risk-row">
              <Link to="/deliveries" search={status === undefined ? {} : { status }} className={`${styles.row} ${styles.button} ${styles.untimed}`}>
                <span className={styles.what}>
                  <span className={styles.main}>{name}</span>
                  <span className={styles.sub}>{note}</span>
                </span>
                <span className={styles.end}>
                  <Badge meaning={meaning}>{count}</Badge>
                </span>
              </Link>
            </li>
          ))}
        </ol>
      </Listing>
    </Panel>
  );
}
