import type { Heal, MeshHealth } from '../../api/types';
import { clock } from '../../components/clock';

export type Tone = 'good' | 'attention' | 'bad' | 'unknown';

export interface MeshState {
  tone: Tone;
  sentence: string;
  /** What stands under the sentence: the cause, or what is being done about it. */
  detail: string | undefined;
}

interface Facts {
  health: MeshHealth | undefined;
  healing: readonly string[];
  /** The newest first. */
  heals: readonly Heal[];
  now: number;
  /** Since when the page has no live data; undefined while it has. */
  blindSince: number | undefined;
  /** The service that has probably caused what is wrong. */
  cause?: string | undefined;
  /** The alerts that fire, by name, and whether there are more. */
  firing?: readonly string[];
  more?: boolean;
  /** The past minute of which all of this is; now, without it. */
  at?: number | undefined;
}

export const isDown = (status: string): boolean => status === 'down' || status === 'unhealthy';

/** One sentence: what is wrong, since when, and what is being done about it. */
export function describe(facts: Facts): MeshState {
  const state = describeServices(facts);
  const { firing = [], more = false, at, blindSince } = facts;
  const then = at === undefined ? '' : `At ${clock(at)}: `;
  if (firing.length === 0 || (state.tone === 'unknown' && at === undefined)) return { ...state, sentence: `${then}${state.sentence}` };
  const alerts = `${firing.length.toLocaleString()}${more ? '+' : ''} ${firing.length === 1 && !more ? 'alert' : 'alerts'} firing`;
  return {
    tone: state.tone === 'good' && blindSince === undefined ? 'attention' : state.tone,
    sentence: `${then}${state.sentence}; ${alerts}`,
    detail: [state.detail, named(firing)].filter(Boolean).join(' · '),
  };
}

/** What is named under the sentence: as much as is read at a glance. */
const mostNamed = 3;

const named = (all: readonly string[]): string => all.slice(0, mostNamed).join(' · ') + (all.length > mostNamed ? ' …' : '');

function describeServices({ health, healing, heals, now, blindSince, at, cause }: Facts): MeshState {
  if (!health)
    return { tone: 'unknown', sentence: 'The state of the mesh is not known yet', detail: undefined };

  const services = Object.entries(health.services);
  const down = services.filter(([, service]) => isDown(service.status));
  const unknown = services.filter(([, service]) => service.status === 'unknown');
  const odd = services.filter(([, service]) => !['up', 'unknown'].includes(service.status) && !isDown(service.status));
  const busy = healing.length > 0 ? `${list(healing)} ${healing.length === 1 ? 'is' : 'are'} being healed` : undefined;
  const healed = [busy, healedOf(heals, healing, at ?? now)].filter((part) => part !== undefined).join('; ');

  if (blindSince !== undefined && at === undefined) {
    return {
      tone: 'unknown',
      sentence: `No live data since ${clock(blindSince)}`,
      detail: `What follows is how the mesh stood then: ${count(services.length - down.length, services.length)} up.`,
    };
  }
  if (services.length === 0) return { tone: 'unknown', sentence: 'No services are known yet', detail: undefined };
  if (down.length > 0) {
    const since = earliest(down.map(([, service]) => service.since));
    const parts = [`${count(down.length, services.length)} down${since ? ` since ${clock(since)}` : ''}`];
    if (healed) parts.push(healed);
    const first = [...down.filter(([name]) => name === cause), ...down.filter(([name]) => name !== cause)];
    return { tone: 'bad', sentence: parts.join('; '), detail: named(first.map(([name, service]) => (service.error ? `${name}: ${service.error}` : name))) };
  }
  if (busy) return { tone: 'attention', sentence: `All ${services.length.toLocaleString()} services answer; ${healed}`, detail: undefined };
  if (odd.length > 0) {
    return {
      tone: 'attention',
      sentence: `${count(odd.length, services.length)} not fully up`,
      detail: named(odd.map(([name, service]) => `${name}: ${service.error ?? service.status}`)),
    };
  }
  if (unknown.length > 0) {
    const known = services.length - unknown.length;
    return {
      tone: 'unknown',
      sentence: known === 0 ? 'Nothing is known of the services' : `${count(known, services.length)} up, and of the others nothing is known`,
      detail: named(unknown.map(([name]) => name)),
    };
  }
  const lastHeal = heals[0];
  return {
    tone: 'good',
    sentence: services.length === 1 ? 'The one service is up' : `All ${services.length.toLocaleString()} services are up`,
    detail: lastHeal && `Last heal: ${lastHeal.service} at ${clock(lastHeal.timestamp * 1000)}, ${lastHeal.success ? 'successful' : 'failed'}`,
  };
}

const count = (some: number, all: number): string => `${some.toLocaleString()} of ${all.toLocaleString()} ${all === 1 ? 'service' : 'services'}`;

const hourMs = 3_600_000;
const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** What was healed within the hour, without what is being healed just now. */
function healedOf(heals: readonly Heal[], healing: readonly string[], at: number): string | undefined {
  const counts = new Map<string, number>();
  for (const { service, success, timestamp } of heals)
    if (success && timestamp * 1_000 > at - hourMs && timestamp * 1_000 <= at && !healing.includes(service)) counts.set(service, (counts.get(service) ?? 0) + 1);
  if (counts.size === 0) return undefined;
  if (counts.size > mostNamed) return `${counts.size} services healed in the last hour`;
  return [...counts].map(([service, count]) => `${service} healed ${times(count)}`).join(', ');
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function earliest(times: readonly (string | null | undefined)[]): number | undefined {
  const known = times.flatMap((time) => (time ? [Date.parse(time)] : [])).filter((time) => !Number.isNaN(time));
  return known.length > 0 ? Math.min(...known) : undefined;
}
