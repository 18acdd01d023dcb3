import type { Heal, HealStats, HealTarget, HealerStatus } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import type { Figure } from '../../components/Figures';
import type { Lane } from '../../components/lanes';
import { textsOf } from '../../components/place';

/** What of the page is in the address. */
export interface HealsSearch {
  /** Whose heals alone are shown. */
  target?: string;
  /** The rule for deliveries that is being changed, or a new one. */
  rule?: string;
}

export const readSearch = (search: Record<string, unknown>): HealsSearch =>
  textsOf(search, ['target', 'rule']);

export function figuresOf(stats: HealStats | undefined): Figure[] {
  const count = (value: number | undefined) => value?.toLocaleString() ?? '–';
  return [
    { name: 'Attempts', value: count(stats?.total_attempts), note: stats?.most_healed ? `most of ${stats.most_healed}` : undefined },
    {
      name: 'Success rate',
      // Nothing of nothing is no rate.
      value: stats && stats.total_attempts > 0 ? `${stats.success_rate.toLocaleString(undefined, { maximumFractionDigits: 1 })} %` : '–',
      note: 'of those that have ended',
    },
    { name: 'Successful', value: count(stats?.successful), note: 'healthy afterwards' },
    { name: 'Failed', value: count(stats?.failed), note: 'not healthy afterwards', meaning: stats && stats.failed > 0 ? 'attention' : undefined },
  ];
}

const meanings: Record<string, Meaning> = {
  healthy: 'good', starting: 'neutral', stopped: 'neutral', recovering: 'attention', healing: 'attention', failing: 'attention', down: 'bad', flapping: 'bad', escalated: 'bad',
};

export const meaningOfTarget = (state: string): Meaning => meanings[state] ?? 'neutral';

const worth: Record<Meaning, number> = { bad: 0, attention: 1, neutral: 2, good: 3 };

/** What needs somebody stands first. */
export const worstFirst = (one: HealTarget, other: HealTarget): number =>
  worth[meaningOfTarget(one.state)] - worth[meaningOfTarget(other.state)] || one.name.localeCompare(other.name);

/** What the governor would do with a target now, and why not more. */
export function governorsView({ state, would, why, suppressed_by, enrolled }: HealTarget): string {
  if (!enrolled) return 'Only watched: it is not enrolled, so nothing restarts it';
  if (would === 'hold_back') return `Held back${suppressed_by ? ` by ${suppressed_by.replaceAll('_', ' ')}` : ''}${why ? `: ${why}` : ''}`;
  if (would === 'restart') return `Would be restarted now${why ? `: ${why}` : ''}`;
  if (why) return `Left alone: ${why}`;
  return state === 'healthy' ? 'Left alone: nothing is wrong with it' : 'Left alone for now';
}

export interface Verdict {
  meaning: Meaning;
  sentence: string;
}

/** One sentence on the whole: what the healer does, or what keeps it from that. */
export function verdictOf({ targets, fleet }: HealerStatus): Verdict {
  const down = targets.filter(({ state }) => meaningOfTarget(state) === 'bad');
  const busy = targets.filter(({ state }) => meaningOfTarget(state) === 'attention');
  const names = (some: HealTarget[]) => some.map(({ name }) => name).join(', ');
  if (fleet.braked)
    return { meaning: 'bad', sentence: `The brake is on: ${fleet.down} of ${fleet.counted} are down at once, so the cause is elsewhere and nothing is restarted` };
  if (down.length > 0) return { meaning: 'bad', sentence: `${down.length} of ${targets.length} not healthy: ${names(down)}` };
  if (busy.length > 0) return { meaning: 'attention', sentence: `Being looked after: ${names(busy)}` };
  return targets.length === 0 ? { meaning: 'neutral', sentence: 'Nothing is watched yet' } : { meaning: 'good', sentence: 'All systems healthy' };
}

/** By how much the server's clock is ahead of this one, by the `Date` of its answer, which is in whole seconds. */
export function aheadOf(date: string | null, now: number): number {
  const ahead = Date.parse(date ?? '') - now;
  return Number.isNaN(ahead) ? 0 : ahead;
}

const afterwardsMs = 1_000;

/**
 * In how many milliseconds, from a time by the server's clock, the next cooldown has ended, of which nobody tells; undefined when there
 * is none to wait for. Each is looked after once: what should be over then, and is not, is left to the next event.
 */
export function nextLook({ targets }: Pick<HealerStatus, 'targets'>, now: number): number | undefined {
  const looks = targets.flatMap(({ cooldown_until }) => (cooldown_until ? [Date.parse(cooldown_until) + afterwardsMs - now] : [])).filter((look) => look > 0);
  return looks.length === 0 ? undefined : Math.min(...looks);
}

export const wordOf = ({ success, verified }: Pick<Heal, 'success' | 'verified'>): string => (success ? (verified ? 'healed' : 'done') : 'failed');

const shortestMs = 3_600_000;

/** Heals by service on one axis, which begins a little before the first of them and ends now. */
export function lanesOf(heals: readonly Heal[], now: number): { from: number; to: number; lanes: Lane[] } {
  const first = Math.min(now - shortestMs, ...heals.map(({ timestamp }) => timestamp * 1_000));
  const services = [...new Set(heals.map(({ service }) => service))].sort();
  return {
    from: first - (now - first) * 0.04,
    to: now,
    lanes: services.map((name) => ({
      name,
      one: name,
      colour: 'good',
      marks: heals
        .filter(({ service }) => service === name)
        .map((heal) => ({ at: Math.min(now, heal.timestamp * 1_000), what: `${heal.action} ${wordOf(heal)}${heal.reason ? `, ${heal.reason}` : ''}`, good: heal.success })),
    })),
  };
}
