import type { Heal, MeshHealth, OpsEvent, ServiceHealth } from '../../api/types';
import { EventTypes, keyOf, text } from '../../live/events';
import { beingHealed, patchHeals } from '../../live/patch';

/** What the timeline is made of. */
export const timelineTypes = [
  EventTypes.serviceFailed, EventTypes.serviceRecovered, EventTypes.healAttempted, EventTypes.healSucceeded, EventTypes.healFailed,
  'ops.alert.raised', 'ops.alert.resolved', 'service.version.changed', 'ops.anomaly.detected', 'ops.anomaly.resolved',
] as const;

export const isOfTimeline = (event: OpsEvent): boolean => (timelineTypes as readonly string[]).includes(event.event_type);

export const spans = ['1', '6', '24'] as const;

export const hoursOf = (hours: string | undefined): number => Number(spans.find((known) => known === hours) ?? '6');

export const timeOf = (event: OpsEvent): number => Date.parse(event.timestamp);

/** Newest first, each once. */
export function merge(known: readonly OpsEvent[], more: readonly OpsEvent[]): OpsEvent[] {
  const all = new Map([...known, ...more].map((event) => [keyOf(event), event]));
  return [...all.values()].sort((one, other) => timeOf(other) - timeOf(one));
}

export interface Interval {
  what: string;
  from: number;
  /** Undefined while it goes on. */
  to: number | undefined;
}

/** What began and ended, matched by its name: services that were down, alerts that fired, anomalies. Oldest first. */
export function intervals(events: readonly OpsEvent[], begins: string, ends: string, nameOf: (event: OpsEvent) => string, since: number): Interval[] {
  const open = new Map<string, Interval>();
  const all: Interval[] = [];
  for (const event of [...events].reverse()) {
    const name = nameOf(event);
    if (event.event_type === begins && !open.has(name)) {
      const interval = { what: name, from: timeOf(event), to: undefined };
      open.set(name, interval);
      all.push(interval);
    } else if (event.event_type === ends) {
      const begun = open.get(name);
      // What had begun before the time that is looked at shows its end only.
      if (begun) begun.to = timeOf(event);
      else all.push({ what: name, from: since, to: timeOf(event) });
      open.delete(name);
    }
  }
  return all;
}

const serviceOf = (event: OpsEvent): string => text(event, 'name') ?? text(event, 'service') ?? event.source;
const alertOf = (event: OpsEvent): string => {
  const group = text(event, 'group');
  return `${text(event, 'rule_name') ?? 'an alert'}${group === undefined ? '' : `: ${group}`}`;
};

export interface Mark {
  at: number;
  what: string;
  good: boolean;
}

export interface Timeline {
  down: Interval[];
  alerts: Interval[];
  anomalies: Interval[];
  heals: Mark[];
  versions: Mark[];
}

export function timelineOf(events: readonly OpsEvent[], since: number): Timeline {
  const marks = (types: readonly string[], what: (event: OpsEvent) => string): Mark[] =>
    events.filter((event) => types.includes(event.event_type)).map((event) => ({ at: timeOf(event), what: what(event), good: event.event_type !== EventTypes.healFailed }));
  return {
    down: intervals(events, EventTypes.serviceFailed, EventTypes.serviceRecovered, serviceOf, since),
    alerts: intervals(events, 'ops.alert.raised', 'ops.alert.resolved', alertOf, since),
    anomalies: intervals(events, 'ops.anomaly.detected', 'ops.anomaly.resolved', (event) => text(event, 'series') ?? event.source, since),
    heals: marks([EventTypes.healSucceeded, EventTypes.healFailed], (event) => `${serviceOf(event)} ${event.event_type === EventTypes.healFailed ? 'could not be healed' : 'was healed'}`),
    versions: marks(['service.version.changed'], (event) => `${serviceOf(event)}: ${text(event, 'from') ?? '?'} → ${text(event, 'to') ?? '?'}`),
  };
}

const isOn = (at: number) => ({ from, to }: Interval): boolean => from <= at && (to === undefined || to > at);

export interface Then {
  health: MeshHealth;
  healing: string[];
  heals: Heal[];
  /** The alerts that fired. */
  firing: string[];
}

/**
 * The state of a past minute: as it is now, with what came later taken back. What no event tells (latencies, and services that
 * have changed nothing since) is not claimed.
 */
export function stateAt(at: number, health: MeshHealth, events: readonly OpsEvent[], since: number): Then {
  const timeline = timelineOf(events, since);
  const down = new Map(timeline.down.filter(isOn(at)).map((interval) => [interval.what, interval]));
  const told = new Set(timeline.down.map(({ what }) => what));
  const before = events.filter((event) => timeOf(event) <= at);
  const services = Object.fromEntries(
    Object.entries(health.services).map(([name, service]): [string, ServiceHealth] => {
      const interval = down.get(name);
      if (interval) return [name, { ...service, status: 'down', latency_ms: null, since: new Date(interval.from).toISOString(), error: reasonOf(before, name) ?? null }];
      // Down now without an event of it in this time: it was so then.
      if (!told.has(name) && service.status !== 'up') return [name, { ...service, latency_ms: null }];
      const last = timeline.down.filter(({ what, to }) => what === name && to !== undefined && to <= at).at(-1)?.to;
      return [name, { ...service, status: 'up', latency_ms: null, error: null, since: last === undefined ? '' : new Date(last).toISOString() }];
    }),
  );
  const status = Object.values(services).every((service) => service.status === 'up') ? 'up' : 'degraded';
  return {
    health: { ...health, status, services },
    healing: beingHealed(before, at),
    heals: [...before].reverse().reduce<Heal[]>(patchHeals, []),
    firing: timeline.alerts.filter(isOn(at)).map(({ what }) => what),
  };
}

const reasonOf = (newestFirst: readonly OpsEvent[], service: string): string | undefined => {
  const event = newestFirst.find((one) => one.event_type === EventTypes.serviceFailed && serviceOf(one) === service);
  return event && text(event, 'error');
};
