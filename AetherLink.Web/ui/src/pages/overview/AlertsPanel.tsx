import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { meaningOf } from '../../components/severity';
import { nameOf } from '../alerts/alerts';
import { alertsQuery } from '../alerts/queries';
import styles from './rows.module.css';
import { useMesh } from './useMesh';

const shownAlerts = 5;

/** What fires, or fired in the minute that is shown, and nobody had taken on. */
export function AlertsPanel() {
  const { at, asked, firing, more } = useMesh();
  if (at === undefined) return <FiringNow />;
  return (
    <Panel title="Firing alerts" note={<>at <Moment at={at} />{firing.length > shownAlerts && `, ${firing.length}${more ? '+' : ''} in all`}</>}>
      <Listing of={asked} what="The alerts" count={asked.isSuccess ? firing.length : undefined} empty={{ what: 'Nothing was firing', good: true }}>
        <ol className={styles.list}>
          {firing.slice(0, shownAlerts).map((name, index) => (
            <li key={`${name} ${index}`} className={`${styles.row} ${styles.untimed}`} data-testid="fired-row">
              <span className={styles.main}>{name}</span>
            </li>
          ))}
        </ol>
      </Listing>
    </Panel>
  );
}

/** Each leads to its own place. */
function FiringNow() {
  const found = useInfiniteQuery(alertsQuery({ state: 'raised' }));
  const alerts = found.data?.pages.flatMap((page) => page.alerts) ?? [];
  const count = `${alerts.length.toLocaleString()}${found.hasNextPage ? '+' : ''}`;
  return (
    <Panel title="Firing alerts" note={alerts.length > shownAlerts ? `${count}, the newest ${shownAlerts}` : undefined} actions={<Link to="/alerts" className={styles.all}>All alerts</Link>}>
      <Listing of={found} what="The alerts" count={found.data && alerts.length} empty={{ what: 'Nothing is firing', good: true }}>
        <ol className={styles.list}>
          {alerts.slice(0, shownAlerts).map((alert) => (
            <li key={alert.alert_id} data-testid="firing-row">
              <Link to="/alerts" search={{ alert: alert.alert_id }} className={`${styles.row} ${styles.button}`}>
                <Moment at={alert.raised_at} seconds className={styles.time} />
                <span className={styles.what}>
                  <span className={styles.main}>{nameOf(alert)}</span>
                  <span className={styles.sub}>
                    {alert.matched_count.toLocaleString()} {alert.matched_count === 1 ? 'event' : 'events'}{alert.tenant_id !== 'default' && ` · ${alert.tenant_id}`}
                  </span>
                </span>
                <span className={styles.end}>
                  <Badge meaning={meaningOf(alert.severity)}>{alert.severity}</Badge>
                </span>
              </Link>
            </li>
          ))}
        </ol>
      </Listing>
    </Panel>
  );
}
