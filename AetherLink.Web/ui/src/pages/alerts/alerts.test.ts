import { describe, expect, it } from 'vitest';
import type { Alert, OpsEvent } from '../../api/types';
import { span } from '../../components/span';
import { afterEvent, because, belongs, matchersFor } from './alerts';
import { filterOf, readSearch } from './search';

const at = '2026-01-02T03:04:05Z';

const event = (type: string, payload: Record<string, unknown> = {}) =>
  ({ event_id: 'e1', event_type: type, severity: 'error', tenant_id: 'acme', timestamp: at, payload }) as unknown as OpsEvent;

const raised = event('ops.alert.raised', {
  alert_id: 'a1',
  rule_id: 'r1',
  rule_name: 'Leads fail',
  alert_severity: 'critical',
  group: 'web',
  matched_count: 3,
  threshold: 3,
  window_seconds: 300,
  raised_at: at,
  silenced_by: null,
  event_ids: ['x'],
});

const firing = afterEvent(undefined, raised) as Alert;

describe('an alert that is heard of', () => {
  it('is as the event that raised it tells', () => {
    expect(firing).toMatchObject({ alert_id: 'a1', state: 'raised', severity: 'critical', tenant_id: 'acme', group: 'web', matched_count: 3, event_ids: ['x'] });
    expect(firing.rule).toEqual({ rule_id: 'r1', name: 'Leads fail', threshold: 3, window_seconds: 300 });
  });

  it('is silenced from its beginning when a silence was there first', () => {
    expect(afterEvent(undefined, event('ops.alert.raised', { ...raised.payload, silenced_by: 's1' }))).toMatchObject({ state: 'silenced', silenced_by: 's1' });
  });

  it('goes through its life', () => {
    const acknowledged = afterEvent(firing, event('ops.alert.acknowledged', { acknowledged_by: 'ada', acknowledged_at: at })) as Alert;
    expect(acknowledged).toMatchObject({ state: 'acknowledged', acknowledged_by: 'ada' });
    const silenced = afterEvent(acknowledged, event('ops.alert.silenced', { silence_id: 's1' })) as Alert;
    expect(silenced).toMatchObject({ state: 'silenced', silenced_by: 's1' });
    const again = afterEvent(silenced, event('ops.alert.unsilenced')) as Alert;
    expect(again).toMatchObject({ state: 'acknowledged', silenced_by: null });
    expect(afterEvent(again, event('ops.alert.resolved', { resolved_at: at, matched_count: 7 }))).toMatchObject({ state: 'resolved', matched_count: 7 });
  });

  it('is not made up of an event that does not tell all of it', () => {
    expect(afterEvent(undefined, event('ops.alert.resolved', { alert_id: 'a1' }))).toBeUndefined();
  });

  it('does not begin anew when it is told again that it was raised', () => {
    const known = { ...firing, acknowledged_at: at, state: 'acknowledged' };
    expect(afterEvent(known, raised)).toBe(known);
  });
});

describe('a list of alerts', () => {
  it('has those of its state, severity, tenant and rule', () => {
    expect(belongs({ state: 'raised' }, firing)).toBe(true);
    expect(belongs({ state: 'resolved' }, firing)).toBe(false);
    expect(belongs({ state: 'raised', severity: 'error,critical' }, firing)).toBe(true);
    expect(belongs({ state: 'raised', severity: 'error' }, firing)).toBe(false);
    expect(belongs({ state: 'raised', tenant_id: 'globex' }, firing)).toBe(false);
    expect(belongs({ state: 'raised', rule_id: 'r2' }, firing)).toBe(false);
  });
});

describe('the address', () => {
  it('keeps what is known and nothing that is as at the start', () => {
    expect(readSearch({ view: 'rules', rule: 7, state: 'raised', more: 1, tenant_id: '' })).toEqual({ view: 'rules', rule: '7' });
    expect(readSearch({ view: 'alerts' })).toEqual({});
    expect(readSearch({ view: 'nothing', state: 'silenced' })).toEqual({ state: 'silenced' });
    expect(filterOf({ severity: 'error' })).toEqual({ state: 'raised', severity: 'error' });
  });
});

it('is silenced by its rule and its group', () => {
  expect(matchersFor(firing)).toEqual([
    { label: 'rule', op: '=', value: 'Leads fail' },
    { label: 'group', op: '=', value: 'web' },
  ]);
});

it('says a time in its largest whole unit', () => {
  expect([45, 90, 300, 3_600, 86_400, 90_000].map(span)).toEqual(['45 s', '90 s', '5 min', '1 h', '1 d', '25 h']);
  expect(because(firing)).toBe('3 events; fires at 3 within 5 min');
});
