import { useMemo } from 'react';
import { axes, Chart, type Colours } from './Chart';
import { clock, clockWithSeconds } from './clock';
import { rowsOf, type Interval, type Lane } from './lanes';

interface Props {
  label: string;
  /** From above to below. */
  lanes: readonly Lane[];
  from: number;
  to: number;
  /** The moment that is pointed at. */
  at?: number | undefined;
  /** What the lanes were made of: always as many things. */
  of: readonly unknown[];
  onPick?: (at: number) => void;
}

const laneHeight = 28;
const [top, bottom] = [26, 24];

/** Where the axis begins: right of the names of the lanes. What stands under it begins there, too. */
const left = 92;
const right = 22;

/** What happened, one kind below another, on one axis of time. */
export function Lanes({ label, lanes, from, to, at, of, onPick }: Props) {
  // One thing for all that it is drawn of.
  const drawn = useMemo(() => ({}), [...of, from, to, at]);
  return (
    <Chart
      label={label}
      height={top + bottom + laneHeight * Math.max(lanes.length, 2)}
      of={drawn}
      table={{ heads: ['What', 'From', 'To'], rows: rowsOf(lanes) }}
      {...(onPick && { onPick: (x: number) => onPick(Math.min(to, Math.max(from, x))) })}
      option={(colours) => {
        const { x, y, tooltip } = axes(colours);
        return {
          grid: { left, right, top, bottom },
          tooltip: { ...tooltip, trigger: 'item', formatter: ({ name }: { name: string }) => plain(name) },
          xAxis: { ...x, type: 'time', min: from, max: to, axisLabel: { ...x.axisLabel, formatter: { day: '{MMM} {d}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', none: '{HH}:{mm}' } } },
          yAxis: {
            ...x, type: 'category', data: lanes.map(({ name }) => name), inverse: true, splitLine: { show: true, lineStyle: y.splitLine.lineStyle },
            axisLabel: { ...x.axisLabel, hideOverlap: false, width: left - 12, overflow: 'truncate' },
          },
          series: [...lanes.flatMap((lane) => [bars(lane, to, colours), marks(lane, colours)]), ...(at === undefined ? [] : [pointer(at, colours)])],
        };
      }}
    />
  );
}

/** A bar is a thick piece of a line: it has a length in time, and is seen however short it is. */
const bars = ({ name: lane, intervals = [], colour }: Lane, to: number, colours: Colours) => ({
  type: 'line',
  symbol: 'roundRect',
  symbolSize: [6, 12],
  lineStyle: { width: 10, color: colours[colour], cap: 'round', opacity: 0.75 },
  itemStyle: { color: colours[colour] },
  data: intervals.flatMap((interval) => [
    { value: [interval.from, lane], name: told(interval) },
    { value: [interval.to ?? to, lane], name: told(interval) },
    { value: [null, null] },
  ]),
});

const marks = ({ name: lane, marks: all = [], colour, symbol = 'circle' }: Lane, colours: Colours) => ({
  type: 'scatter',
  data: all.map(({ at, what, good }) => ({
    value: [at, lane],
    name: `${what} at ${clockWithSeconds(at)}`,
    // Told by its form too.
    symbol: good ? symbol : 'diamond',
    symbolSize: good ? 10 : 14,
    itemStyle: { color: good ? colours[colour] : colours.bad },
  })),
});

const pointer = (at: number, colours: Colours) => ({
  type: 'line',
  data: [],
  markLine: { symbol: 'none', silent: true, label: { formatter: clock(at), color: colours.ink, fontSize: 11 }, lineStyle: { color: colours.accent, width: 2, type: 'solid' }, data: [{ xAxis: at }] },
});

const told = ({ what, from, to }: Interval): string => `${what}: ${clockWithSeconds(from)} to ${to === undefined ? 'now' : clockWithSeconds(to)}`;

/** Names come from events: the tooltip takes HTML, and they are none. */
const plain = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
