import type { Annotation, OpsEvent } from '../../api/types';
import type { Interval, Mark } from '../../components/lanes';
import { EventTypes, isOfTheMesh, keyOf, text } from '../../live/events';

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

export interface Timeline {
  down: Interval[];
  alerts: Interval[];
  anomalies: Interval[];
  heals: Mark[];
  versions: Mark[];
}

/** What is drawn of services is the mesh's own word; alerts and anomalies have tenants, and nobody else can publish them. */
export function timelineOf(told: readonly OpsEvent[], since: number): Timeline {
  const events = told.filter((event) => event.event_type.startsWith('ops.') || isOfTheMesh(event));
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

/** Grafana's annotations: a moment is a mark, a span a bar. What had begun before the time that is looked at begins with it. */
export function annotationsOf(annotations: readonly Annotation[], since: number): { intervals: Interval[]; marks: Mark[] } {
  const told = annotations.map(({ at, until, text: what }) => ({ what, from: Math.max(since, Date.parse(at)), to: until === null ? undefined : Date.parse(until) }));
  return {
    intervals: told.filter(({ from, to }) => to !== undefined && to > from),
    marks: told.flatMap(({ what, from, to }) => (to === undefined || to <= from ? [{ at: from, what, good: true }] : [])),
  };
}
