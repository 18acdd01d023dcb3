import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Heal } from '../../api/types';
import { Badge, type Meaning } from '../../components/Badge';
import { clock } from '../../components/clock';
import { Lanes } from '../../components/Lanes';
import { many } from '../../components/lanes';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { formatDuration } from '../../live/events';
import { lanesOf, wordOf } from './heals';
import { historyQuery } from './queries';

const meaningOf = ({ success }: Heal): Meaning => (success ? 'good' : 'bad');

/** The heals on one axis, and the list of them under it. */
export function HealTimeline({ target, onChoose }: { target: string | undefined; onChoose: (target: string | undefined) => void }) {
  const history = useQuery(historyQuery);
  const all = history.data?.history;
  const heals = useMemo(() => (all ?? []).filter(({ service }) => target === undefined || service === target), [all, target]);
  return (
    <Panel
      title="Timeline"
      note={history.data && `${heals.length} of the last ${history.data.history.length}${target === undefined ? '' : `, of ${target} alone`}`}
      actions={target !== undefined && <Button size="compact-xs" variant="default" onClick={() => onChoose(undefined)}>Show all</Button>}
    >
      <Listing
        of={history} what="The heals" count={history.data && heals.length}
        empty={target === undefined ? { what: 'All systems healthy', hint: 'Nothing has needed healing.', good: true } : { what: `${target} has not needed healing`, good: true }}
      >
        <Axis heals={heals} target={target} />
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

function Axis({ heals, target }: { heals: readonly Heal[]; target: string | undefined }) {
  // The axis ends with the moment in which these became known.
  const { from, to, lanes } = useMemo(() => lanesOf(heals, Date.now()), [heals]);
  const failed = heals.filter(({ success }) => !success).length;
  return (
    <Lanes
      label={`${many(heals.length, 'heal')}${target === undefined ? '' : ` of ${target}`} from ${clock(from)} to now, ${failed} of them failed`}
      lanes={lanes} from={from} to={to} of={[heals]}
    />
  );
}
