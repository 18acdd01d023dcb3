import type { AnomalyStats, Incident } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import type { Figure } from '../../components/Figures';
import { percent } from '../ai/ai';

export const anomalyStates = ['open', 'acknowledged', 'resolved', 'false_positive'] as const;

const words: Record<string, string> = { open: 'open', acknowledged: 'acknowledged', resolved: 'resolved', false_positive: 'false alarm' };

export const wordOfState = ({ state, ended_at }: Pick<Incident, 'state' | 'ended_at'>): string =>
  state === 'open' && ended_at !== null ? 'over' : (words[state] ?? state);

const meanings: Record<string, Meaning> = { open: 'bad', acknowledged: 'attention', resolved: 'good', false_positive: 'neutral' };

export const meaningOfState = ({ state, ended_at }: Pick<Incident, 'state' | 'ended_at'>): Meaning =>
  state === 'open' && ended_at !== null ? 'good' : (meanings[state] ?? 'neutral');

/** What a person may still say of it. Once it was called resolved or false it is judged. */
export const sayable = ({ state }: Pick<Incident, 'state'>): string[] =>
  state === 'open' ? ['acknowledged', 'resolved', 'false_positive'] : state === 'acknowledged' ? ['resolved', 'false_positive'] : [];

export const verbs: Record<string, string> = { acknowledged: 'Acknowledge', resolved: 'Resolve', false_positive: 'False alarm' };

/** Series are paths: what of, whose, which. */
export function wordOfSeries(series: string): string {
  const [kind, ...rest] = series.split('/');
  const last = rest.at(-1) ?? '';
  const whose = rest.slice(0, -1).join(' ');
  if (kind === 'events') return `${whose} events, ${last}`;
  if (kind === 'heals') return `heals of ${last}`;
  if (last === 'latency') return `latency of ${whose}`;
  if (last === 'failures') return `failures of ${whose}`;
  return series;
}

export const figure = (value: number): string => value.toLocaleString(undefined, { maximumSignificantDigits: 4 });

export const isLatency = (series: string): boolean => series.endsWith('/latency');

export const unitOf = (series: string): string => (isLatency(series) ? 'ms' : 'per 10 s');

export const described = ({ observed, expected, series }: Pick<Incident, 'observed' | 'expected' | 'series'>): string =>
  `${figure(observed)} ${unitOf(series)} instead of ${figure(expected)}`;

export function figuresOf(stats: AnomalyStats | undefined, current: { total: number; groups: number; acknowledged: number } | undefined): Figure[] {
  return [
    { name: 'Unusual now', value: current?.total.toLocaleString() ?? '–', note: current && `in ${current.groups} ${current.groups === 1 ? 'group' : 'groups'}, ${current.acknowledged} acknowledged`, meaning: current && current.total > 0 ? 'attention' : undefined },
    { name: 'Told', value: stats?.total.toLocaleString() ?? '–', note: stats && `in the last ${Math.round(stats.hours / 24)} days` },
    { name: 'Judged', value: stats?.judged.toLocaleString() ?? '–', note: stats && `${stats.false_positives} called false` },
    { name: 'False alarms', value: stats ? percent(stats.false_positive_rate) : '–', note: 'of those that were judged' },
  ];
}
