import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Heal } from '../../api/types';
import { Badge, type Meaning } from '../../components/Badge';
import { clock } from '../../components/clock';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { formatDuration } from '../../live/events';
import { timelineOf } from './heals';
import styles from './HealsPage.module.css';
import { historyQuery } from './queries';

const meaningOf = ({ success }: Heal): Meaning => (success ? 'good' : 'bad');
const wordOf = ({ success, verified }: Heal): string => (success ? (verified ? 'healed' : 'done') : 'failed');

/** The heals on one axis, and the list of them under it. */
export function HealTimeline({ target, onChoose }: { target: string | undefined; onChoose: (target: string | undefined) => void }) {
  const history = useQuery(historyQuery);
  const all = history.data?.history ?? [];
  const heals = target === undefined ? all : all.filter(({ service }) => service === target);
  return (
    <Panel
      title="Timeline"
      note={history.data && `${heals.length} of the last ${all.length}${target === undefined ? '' : `, of ${target} alone`}`}
      actions={target !== undefined && <Button size="compact-sm" variant="default" onClick={() => onChoose(undefined)}>Show all</Button>}
    >
      <Listing
        of={history} what="The heals" count={history.data && heals.length}
        empty={target === undefined ? { what: 'All systems healthy', hint: 'Nothing has needed healing.', good: true } : { what: `${target} has not needed healing`, good: true }}
      >
        <Axis heals={heals} />
        <Rows label="Heals">
          {heals.map((heal) => (
            <Row
              key={`${heal.service} ${heal.timestamp} ${heal.duration_ms}`}
              testId="heal-row"
              lead={<Moment at={heal.timestamp * 1_000} seconds />}
              title={`${heal.service}: ${heal.action}`}
              subs={[heal.reason, `${heal.msg ?? ''}${heal.requested_by ? ` · by ${heal.requested_by}` : ''}${heal.forced ? ', against the governor' : ''}`]}
              end={<><Badge meaning={meaningOf(heal)}>{wordOf(heal)}</Badge><span>{formatDuration(heal.duration_ms)}</span></>}
            />
          ))}
        </Rows>
      </Listing>
    </Panel>
  );
}

/** For the eye; the list says the same to everybody. */
function Axis({ heals }: { heals: readonly Heal[] }) {
  const { from, to, lanes } = timelineOf(heals, Date.now());
  return (
    <div className={styles.timeline} aria-hidden>
      {lanes.flatMap(({ service, marks }) => [
        <span key={service} className={styles.lane}>{service}</span>,
        <div key={`${service} track`} className={styles.track}>
          {marks.map(({ heal, at }) => (
            <span
              key={`${heal.timestamp} ${heal.duration_ms}`} className={styles.mark} data-meaning={meaningOf(heal)} style={{ left: `${at}%` }}
              title={`${heal.service} ${wordOf(heal)} at ${clock(heal.timestamp * 1_000)}: ${heal.reason}`}
            />
          ))}
        </div>,
      ])}
      <div className={styles.axis}>
        <span>{clock(from)}</span>
        <span>{clock((from + to) / 2)}</span>
        <span>now</span>
      </div>
    </div>
  );
}
