import type { AiFigures, AiSeries, Provider, RecordedCall } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import type { Figure } from '../../components/Figures';
import { textsOf } from '../../components/place';
import type { Stack } from '../../components/Stacks';
import { formatDuration } from '../../live/events';

/** What the calls are narrowed to; the names are the API's. */
export interface CallFilter {
  intent?: string;
  provider?: string;
  outcome?: string;
  tenant_id?: string;
}

export interface AiSearch extends CallFilter {
  /** The call that is open at the edge. */
  call?: string;
  /** By what the use over time is told apart. */
  by?: string;
}

export const groupings = ['provider', 'intent', 'tenant'] as const;

export type Grouping = (typeof groupings)[number];

export const groupingOf = ({ by }: AiSearch): Grouping => groupings.find((known) => known === by) ?? 'provider';

export const filterFields = ['intent', 'provider', 'outcome', 'tenant_id'] as const;

export const readSearch = (search: Record<string, unknown>): AiSearch => textsOf(search, [...filterFields, 'call', 'by']);

export function filterOf(search: AiSearch): CallFilter {
  const filter: CallFilter = {};
  for (const field of filterFields) {
    const value = search[field];
    if (value !== undefined) filter[field] = value;
  }
  return filter;
}

export const duration = (milliseconds: number | null | undefined): string =>
  milliseconds === null || milliseconds === undefined ? '–' : formatDuration(milliseconds);

export const percent = (rate: number | null | undefined): string =>
  rate === null || rate === undefined ? '–' : `${rate.toLocaleString(undefined, { maximumFractionDigits: 1 })} %`;

/** Small sums are what calls cost: a cent is not nothing. */
export const dollars = (sum: number): string =>
  sum === 0 ? '$0' : sum < 0.01 ? `$${sum.toPrecision(2)}` : `$${sum.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

export function figuresOf(total: AiFigures | undefined): Figure[] {
  const count = (value: number | undefined) => value?.toLocaleString() ?? '–';
  return [
    { name: 'Calls', value: count(total?.calls), note: total && `${total.fallbacks.toLocaleString()} by a fallback` },
    {
      name: 'Success rate',
      value: percent(total?.success_rate),
      note: 'in the last 24 hours',
      meaning: total?.success_rate !== null && total !== undefined && (total.success_rate ?? 100) < 99 ? 'attention' : undefined,
    },
    { name: 'Latency', value: duration(total?.latency_ms.p50), note: total && `p95 ${duration(total.latency_ms.p95)}, p99 ${duration(total.latency_ms.p99)}` },
    { name: 'Cost', value: total ? dollars(total.cost_usd) : '–', note: total && `${(total.input_tokens + total.output_tokens).toLocaleString()} tokens` },
  ];
}

export interface Circuit {
  word: string;
  meaning: Meaning;
}

export function circuitOf(provider: Provider): Circuit {
  if (!provider.configured) return { word: 'not set up', meaning: 'neutral' };
  if (provider.state === 'open') return { word: 'open', meaning: 'bad' };
  if (provider.state === 'half_open') return { word: 'half open', meaning: 'attention' };
  return provider.healthy ? { word: 'closed', meaning: 'good' } : { word: 'closed', meaning: 'attention' };
}

export interface Tried {
  provider: string;
  outcome: string;
  latencyMs: number | undefined;
  why: string | undefined;
}

/** The chain as the audit has it, whatever else a record may hold. */
export function chainOf({ attempts }: Pick<RecordedCall, 'attempts'>): Tried[] {
  if (!Array.isArray(attempts)) return [];
  return attempts.flatMap((attempt: unknown) => {
    if (typeof attempt !== 'object' || attempt === null) return [];
    const field = (name: string): unknown => (attempt as Record<string, unknown>)[name];
    const text = (name: string): string | undefined => {
      const value = field(name);
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const provider = text('provider');
    const latency = field('latency_ms');
    return provider === undefined
      ? []
      : [{ provider, outcome: text('outcome') ?? 'unknown', latencyMs: typeof latency === 'number' ? latency : undefined, why: text('error') ?? text('why') }];
  });
}

/** Providers in the order in which they were asked; one that was skipped was not. */
export const asked = (call: RecordedCall): string =>
  chainOf(call).filter(({ outcome }) => outcome !== 'skipped').map(({ provider }) => provider).join(' → ') || call.provider || 'nobody was asked';

const hourMs = 3_600_000;

/** The last 24 hours, the oldest first. */
export function hoursUpTo(now: number): string[] {
  const last = Math.floor(now / hourMs) * hourMs;
  return Array.from({ length: 24 }, (_, index) => new Date(last - (23 - index) * hourMs).toISOString());
}

/** An hour without a call is not told of; on an axis it has its place. */
export const stacksOf = (series: readonly AiSeries[], hours: readonly string[], of: (sum: AiSeries['by_hour'][number]) => number): Stack[] =>
  series.map(({ name, by_hour: told }) => {
    const sums = new Map(told.map((sum) => [Date.parse(sum.hour), of(sum)]));
    return { name: name ?? undefined, values: hours.map((hour) => sums.get(Date.parse(hour)) ?? 0) };
  });

/** What the hours of each come to. */
export const sumsOf = (series: readonly AiSeries[]) =>
  series.map(({ name, by_hour: hours }) => ({
    name: name ?? undefined,
    calls: hours.reduce((sum, { calls }) => sum + calls, 0),
    tokens: hours.reduce((sum, { input_tokens, output_tokens }) => sum + input_tokens + output_tokens, 0),
    cost: hours.reduce((sum, { cost_usd }) => sum + cost_usd, 0),
  }));
