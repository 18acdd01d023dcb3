import type { Alert, OpsEvent, Severity } from '../../api/types';
import { span } from '../../components/span';
import { number, text } from '../../live/events';
import type { AlertFilter, AlertState } from './search';

const told = {
  raised: 'ops.alert.raised',
  acknowledged: 'ops.alert.acknowledged',
  silenced: 'ops.alert.silenced',
  unsilenced: 'ops.alert.unsilenced',
  resolved: 'ops.alert.resolved',
} as const;

export const tellsOfAlert = (event: OpsEvent): boolean => (Object.values(told) as string[]).includes(event.event_type);

/** How far an alert's life is; the server's own order. */
export const stateOf = (alert: Pick<Alert, 'resolved_at' | 'silenced_by' | 'acknowledged_at'>): AlertState =>
  alert.resolved_at ? 'resolved' : alert.silenced_by ? 'silenced' : alert.acknowledged_at ? 'acknowledged' : 'raised';

/**
 * The alert after an event about it. Only the event that raised it tells all of it: undefined when another one is heard of an
 * alert that is not known.
 */
export function afterEvent(known: Alert | undefined, event: OpsEvent): Alert | undefined {
  if (event.event_type === told.raised) return known ?? raisedBy(event);
  if (!known) return undefined;
  const at = event.timestamp;
  const changed: Alert = { ...known, matched_count: Math.max(known.matched_count, number(event, 'matched_count') ?? 0) };
  if (event.event_type === told.acknowledged) {
    changed.acknowledged_at = text(event, 'acknowledged_at') ?? at;
    changed.acknowledged_by = text(event, 'acknowledged_by') ?? null;
  } else if (event.event_type === told.silenced) {
    changed.silenced_by = text(event, 'silence_id') ?? text(event, 'silenced_by') ?? null;
    changed.silenced_at = at;
  } else if (event.event_type === told.unsilenced) {
    changed.silenced_by = null;
    changed.silenced_at = null;
  } else if (event.event_type === told.resolved) {
    changed.resolved_at = text(event, 'resolved_at') ?? at;
    changed.resolved_reason = text(event, 'resolved_reason') ?? null;
  }
  return { ...changed, state: stateOf(changed) };
}

function raisedBy(event: OpsEvent): Alert {
  const silencedBy = text(event, 'silenced_by') ?? null;
  const ids = event.payload.event_ids;
  const alert = {
    alert_id: text(event, 'alert_id') ?? '',
    severity: (text(event, 'alert_severity') ?? event.severity) as Severity,
    tenant_id: event.tenant_id,
    group: text(event, 'group') ?? null,
    rule: {
      rule_id: text(event, 'rule_id') ?? '',
      name: text(event, 'rule_name') ?? '',
      threshold: number(event, 'threshold') ?? 0,
      window_seconds: number(event, 'window_seconds') ?? 0,
    },
    matched_count: number(event, 'matched_count') ?? 0,
    raised_at: text(event, 'raised_at') ?? event.timestamp,
    acknowledged_at: null,
    acknowledged_by: null,
    silenced_at: silencedBy && event.timestamp,
    silenced_by: silencedBy,
    resolved_at: null,
    resolved_reason: null,
    event_ids: Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [],
  };
  return { ...alert, state: stateOf(alert) };
}

export function belongs(filter: AlertFilter, alert: Alert): boolean {
  if (filter.state !== alert.state) return false;
  if (filter.severity !== undefined && !filter.severity.split(',').includes(alert.severity)) return false;
  if (filter.tenant_id !== undefined && filter.tenant_id !== alert.tenant_id) return false;
  return filter.rule_id === undefined || filter.rule_id === alert.rule.rule_id;
}

/** A silence that mutes this alert and those like it: of its rule, and of its group where it has one. */
export function matchersFor(alert: Alert): { label: string; op: string; value: string }[] {
  const matchers = [{ label: 'rule', op: '=', value: alert.rule.name }];
  if (alert.group !== null) matchers.push({ label: 'group', op: '=', value: alert.group });
  return matchers;
}

/** Why it fired, in the words of its rule. */
export const because = ({ matched_count: count, rule }: Alert): string =>
  `${count.toLocaleString()} ${count === 1 ? 'event' : 'events'}; fires at ${rule.threshold.toLocaleString()} within ${span(rule.window_seconds)}`;

/** The rule's name, with the group that it counted for. */
export const nameOf = ({ rule, group }: Pick<Alert, 'rule' | 'group'>): string => (group === null ? rule.name : `${rule.name}: ${group}`);
