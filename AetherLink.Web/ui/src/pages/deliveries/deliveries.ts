import type { Delivery, DeliveryStats, ReplayJob, Webhook } from '../../api/types';
import type { Figure } from '../../components/Figures';
import type { Meaning } from '../../components/Badge';
import { clock } from '../../components/clock';

export const wordOfStatus: Record<string, string> = { pending: 'waiting', failed: 'will retry', success: 'delivered', dead_letter: 'given up' };
export const meaningOfStatus: Record<string, Meaning> = { pending: 'neutral', failed: 'attention', success: 'good', dead_letter: 'bad' };
export const wordOfTriage: Record<string, string> = {
  rate_limited: 'rate limited',
  transient_endpoint_down: 'endpoint down',
  permanent_4xx: 'refused for good',
  unknown: 'unknown',
};

/** It came to an end, so that it can be sent again. */
export const mayReplay = ({ status, in_flight }: Pick<Delivery, 'status' | 'in_flight'>): boolean => status !== 'pending' && in_flight !== true;

/** 0 to 100. */
export const progress = ({ total, replayed, skipped, status }: ReplayJob): number =>
  status !== 'running' || total === 0 ? 100 : Math.min(99, Math.round((100 * (replayed + (skipped ?? 0))) / total));

export function outcomeOf({ status, total, replayed, skipped }: ReplayJob): string {
  if (status === 'running') return `${replayed.toLocaleString()} of ${total.toLocaleString()} sent again so far`;
  const left = skipped ? `; ${skipped.toLocaleString()} could not be: on the way already, or the endpoint is off` : '';
  return `${replayed.toLocaleString()} of ${total.toLocaleString()} sent again${left}`;
}

export interface EndpointState {
  word: string;
  meaning: Meaning;
  why: string | undefined;
}

export function stateOfEndpoint(webhook: Webhook): EndpointState {
  if (!webhook.enabled) return { word: 'off', meaning: 'bad', why: webhook.disabled_reason ?? 'switched off by a person' };
  if (webhook.cooldown_until)
    return { word: 'cooling down', meaning: 'attention', why: `until ${clock(Date.parse(webhook.cooldown_until))}${webhook.cooldown_reason ? `: ${webhook.cooldown_reason}` : ''}` };
  if (webhook.failing_since)
    return { word: 'failing', meaning: 'bad', why: `since ${clock(Date.parse(webhook.failing_since))}, ${webhook.failures} in a row` };
  return { word: 'healthy', meaning: 'good', why: undefined };
}

export function figuresOf(stats: DeliveryStats | undefined): Figure[] {
  const count = (value: number | undefined) => (value === undefined ? '–' : value.toLocaleString());
  const late = stats?.oldest_due_age_seconds ?? 0;
  return [
    { name: 'Queued', value: `${count(stats?.queued)}${stats?.queued_capped ? '+' : ''}`, note: stats && `${count(stats.due)} due, ${count(stats.in_flight)} on the way` },
    { name: 'Near failure', value: count(stats?.near_failure), note: 'two attempts left at most', meaning: stats && stats.near_failure > 0 ? 'attention' : undefined },
    { name: 'Given up', value: count(stats?.given_up), note: 'in the last day', meaning: stats && stats.given_up > 0 ? 'bad' : undefined },
    { name: 'Delivered', value: count(stats?.delivered), note: 'in the last day' },
    {
      name: 'Success rate',
      value: stats?.success_rate === null || stats?.success_rate === undefined ? '–' : `${stats.success_rate.toLocaleString(undefined, { maximumFractionDigits: 1 })} %`,
      note: late >= 60 ? `the oldest is ${Math.round(late / 60)} min late` : 'of what ended in the last day',
    },
  ];
}

export interface Risk {
  name: string;
  count: string;
  note: string;
  meaning: Meaning;
  /** Where its rows are. */
  status: string | undefined;
}

/** What may not arrive, or did not, the gravest first; nothing of what goes well. */
export function atRisk({ given_up, near_failure, due, oldest_due_age_seconds, queued_capped }: DeliveryStats): Risk[] {
  const late = oldest_due_age_seconds ?? 0;
  const all: (Risk & { of: number })[] = [
    { name: 'Given up', of: given_up, count: given_up.toLocaleString(), note: 'in the last day', meaning: 'bad', status: 'dead_letter' },
    { name: 'Near failure', of: near_failure, count: near_failure.toLocaleString(), note: 'two attempts left at most', meaning: 'attention', status: 'failed' },
    {
      name: 'Late', of: late >= lateSeconds ? due : 0, count: `${due.toLocaleString()}${queued_capped ? '+' : ''}`,
      note: `due and not sent yet, the oldest for ${late >= 120 ? `${Math.round(late / 60)} min` : `${Math.round(late)} s`}`, meaning: 'attention', status: 'pending',
    },
  ];
  return all.filter(({ of }) => of > 0).map(({ of: _, ...risk }) => risk);
}

/** What is due is sent within seconds, unless something holds it up. */
const lateSeconds = 30;
