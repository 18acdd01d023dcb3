import { useMemo } from 'react';
import { axes, Chart, type Colours } from '../../components/Chart';
import { clock, clockWithSeconds } from '../../components/clock';
import type { Interval, Mark, Timeline } from './timeline';

interface Props {
  timeline: Timeline;
  /** What the timeline was made of. */
  of: unknown;
  from: number;
  to: number;
  at: number | undefined;
  onPick: (at: number) => void;
}

const lanes = ['Versions', 'Heals', 'Anomalies', 'Alerts', 'Down'] as const;
const height = 188;

/** Services that were down, alerts, anomalies, heals and versions, one below another on one axis. */
export function TimelineChart({ timeline, of, from, to, at, onPick }: Props) {
  const { down, alerts, anomalies, heals, versions } = timeline;
  const rows = [
    ...down.map((one) => row('Down', one)),
    ...alerts.map((one) => row('Alert', one)),
    ...anomalies.map((one) => row('Anomaly', one)),
    ...heals.map((one) => mark('Heal', one)),
    ...versions.map((one) => mark('Version', one)),
  ].sort((one, other) => other.at - one.at);
  // One thing for all that it is drawn of.
  const drawn = useMemo(() => ({}), [of, from, to, at]);
  return (
    <Chart
      label={`What happened from ${clock(from)} to now: ${down.length} times a service was down, ${alerts.length} alerts, ${heals.length} heals, ${versions.length} version changes, ${anomalies.length} anomalies`}
      height={height}
      of={drawn}
      table={{ heads: ['What', 'From', 'To'], rows }}
      onPick={(x) => onPick(Math.min(to, Math.max(from, x)))}
      option={(colours) => {
        const { x, y, tooltip } = axes(colours);
        return {
          grid: { left: 92, right: 22, top: 26, bottom: 24 },
          tooltip: { ...tooltip, trigger: 'item', formatter: ({ name }: { name: string }) => plain(name) },
          xAxis: { ...x, type: 'time', min: from, max: to, axisLabel: { ...x.axisLabel, formatter: '{HH}:{mm}' } },
          yAxis: { ...x, type: 'category', data: [...lanes], splitLine: { show: true, lineStyle: y.splitLine.lineStyle }, axisLabel: { ...x.axisLabel, hideOverlap: false } },
          series: [
            bars('Down', down, to, colours.bad),
            bars('Alerts', alerts, to, colours.bad),
            bars('Anomalies', anomalies, to, colours.attention),
            points('Heals', heals, colours),
            points('Versions', versions, colours),
            ...(at === undefined ? [] : [now(at, colours)]),
          ],
        };
      }}
    />
  );
}

type Lane = (typeof lanes)[number];

/** A bar is a thick piece of a line: it has a length in time, and is seen however short it is. */
const bars = (lane: Lane, all: readonly Interval[], to: number, color: string) => ({
  type: 'line',
  symbol: 'roundRect',
  symbolSize: [6, 12],
  lineStyle: { width: 10, color, cap: 'round', opacity: 0.75 },
  itemStyle: { color },
  data: all.flatMap((interval) => [
    { value: [interval.from, lane], name: told(interval) },
    { value: [interval.to ?? to, lane], name: told(interval) },
    { value: [null, null] },
  ]),
});

const points = (lane: Lane, all: readonly Mark[], colours: Colours) => ({
  type: 'scatter',
  data: all.map((one) => ({
    value: [one.at, lane],
    name: `${one.what} at ${clockWithSeconds(one.at)}`,
    // Told by its form too.
    symbol: one.good ? (lane === 'Versions' ? 'triangle' : 'circle') : 'diamond',
    symbolSize: one.good ? 10 : 14,
    itemStyle: { color: lane === 'Versions' ? colours.accent : one.good ? colours.good : colours.bad },
  })),
});

const now = (at: number, colours: Colours) => ({
  type: 'line',
  data: [],
  markLine: { symbol: 'none', silent: true, label: { formatter: clock(at), color: colours.ink, fontSize: 11 }, lineStyle: { color: colours.accent, width: 2, type: 'solid' }, data: [{ xAxis: at }] },
});

const told = ({ what, from, to }: Interval): string => `${what}: ${clockWithSeconds(from)} to ${to === undefined ? 'now' : clockWithSeconds(to)}`;

const row = (kind: string, interval: Interval) => ({
  key: `${kind} ${interval.what} ${interval.from}`,
  at: interval.from,
  head: `${kind}: ${interval.what}`,
  cells: [clockWithSeconds(interval.from), interval.to === undefined ? 'goes on' : clockWithSeconds(interval.to)],
});

const mark = (kind: string, { at, what }: Mark) => ({ key: `${kind} ${what} ${at}`, at, head: `${kind}: ${what}`, cells: [clockWithSeconds(at), ''] });

/** Names come from events: the tooltip takes HTML, and they are none. */
const plain = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
