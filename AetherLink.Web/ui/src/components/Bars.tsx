import { VisuallyHidden } from '@mantine/core';
import { clock } from './clock';
import styles from './Bars.module.css';

interface Props {
  /** What is counted, as in "7 events". */
  unit: string;
  hours: readonly { hour: string; count: number }[];
}

/** Counts by hour; a table for those who do not see it. */
export function Bars({ unit, hours }: Props) {
  const most = Math.max(1, ...hours.map(({ count }) => count));
  return (
    <>
      <div className={styles.bars} aria-hidden>
        <span className={styles.scale}>{most.toLocaleString()}</span>
        {hours.map(({ hour, count }) => (
          <span
            key={hour}
            className={styles.bar}
            title={`${clock(Date.parse(hour))}: ${count.toLocaleString()} ${unit}`}
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
          <caption>{unit} by hour</caption>
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
    </>
  );
}
