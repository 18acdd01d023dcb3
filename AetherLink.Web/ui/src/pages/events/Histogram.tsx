import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { clock } from '../../components/clock';
import { Panel } from '../../components/Panel';
import { statsQuery } from './queries';
import styles from './EventsPage.module.css';

/** Events by hour of the last day, for the tenant alone: the other filters narrow the list and not the picture of the day. */
export function Histogram({ tenant }: { tenant: string | undefined }) {
  const stats = useQuery(statsQuery(tenant));
  const hours = stats.data?.by_hour ?? [];
  const most = Math.max(1, ...hours.map(({ count }) => count));
  if (!stats.data) return null;
  return (
    <Panel title="The last 24 hours" note={`${stats.data.last_24h.toLocaleString()} events, by hour`}>
      <div className={styles.histogram} aria-hidden>
        <span className={styles.scale}>{most.toLocaleString()}</span>
        {hours.map(({ hour, count }) => (
          <span
            key={hour}
            className={styles.bar}
            title={`${clock(Date.parse(hour))}: ${count.toLocaleString()} events`}
            style={{ height: `${Math.max(count > 0 ? 4 : 1, (100 * count) / most)}%` }}
          />
        ))}
      </div>
      <div className={styles.axis} aria-hidden>
        {hours.filter((_, index) => index % 6 === 0).map(({ hour }) => (
          <span key={hour}>{clock(Date.parse(hour), Date.parse(hour))}</span>
        ))}
        <span>now</span>
      </div>
      <VisuallyHidden>
        <table>
          <caption>Events by hour</caption>
          <tbody>
            {hours.map(({ hour, count }) => (
              <tr key={hour}>
                <th scope="row">{clock(Date.parse(hour))}</th>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Panel>
  );
}
