import { describe, expect, it } from 'vitest';
import type { MeshHealth, OpsEvent } from '../../api/types';
import { hoursOf, intervals, merge, stateAt, timelineOf } from './timeline';

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 10, n)).toISOString();
const at = (n: number) => Date.parse(minute(n));
let number = 0;
const event = (event_type: string, n: number, payload: Record<string, unknown>) =>
  ({ event_id: `e${number++}`, tenant_id: 'default', event_type, timestamp: minute(n), payload, source: 'command-center' }) as OpsEvent;
const newestFirst = (...events: OpsEvent[]) => merge([], events);
const health = { status: 'degraded', services: { web: { status: 'up', since: minute(0), latency_ms: 3 }, crm: { status: 'down', since: minute(0), error: 'refused' } } } as unknown as MeshHealth;

describe('the state of a past minute', () => {
  const events = newestFirst(
    event('service.health.failed', 10, { name: 'web', error: 'timed out' }),
    event('ops.alert.raised', 11, { rule_name: 'Down', group: 'web' }),
    event('autoheal.attempted', 12, { service: 'web', action: 'restart' }),
    event('autoheal.succeeded', 13, { service: 'web', action: 'restart', duration_ms: 900, verified: true }),
    event('service.health.recovered', 14, { name: 'web' }),
    event('ops.alert.resolved', 20, { rule_name: 'Down', group: 'web' }),
  );

  it('is that before the fault, where nothing was wrong that is not wrong now', () => {
    const then = stateAt(at(9), health, events, at(0));
    expect(then.health.services.web).toMatchObject({ status: 'up', latency_ms: null });
    expect(then.health.services.crm).toMatchObject({ status: 'down', error: 'refused' });
    expect([then.firing, then.healing, then.heals]).toEqual([[], [], []]);
  });

  it('is that of the fault, with its reason, its alert and what was being done', () => {
    const then = stateAt(at(12), health, events, at(0));
    expect(then.health.services.web).toMatchObject({ status: 'down', error: 'timed out', since: minute(10) });
    expect([then.firing, then.healing, then.health.status]).toEqual([['Down: web'], ['web'], 'degraded']);
  });

  it('is that after it', () => {
    const then = stateAt(at(15), health, events, at(0));
    expect(then.health.services.web).toMatchObject({ status: 'up', since: minute(14), error: null });
    expect(then.firing).toEqual(['Down: web']);
    expect(then.heals).toMatchObject([{ service: 'web', success: true }]);
    expect(stateAt(at(21), health, events, at(0)).firing).toEqual([]);
  });
});

it('matches ends with beginnings, and shows what had begun before', () => {
  const events = newestFirst(event('b', 1, { name: 'x' }), event('b', 2, { name: 'x' }), event('e', 3, { name: 'x' }), event('e', 4, { name: 'y' }), event('b', 5, { name: 'x' }));
  expect(intervals(events, 'b', 'e', (one) => String(one.payload.name), at(0))).toEqual([
    { what: 'x', from: at(1), to: at(3) },
    { what: 'y', from: at(0), to: at(4) },
    { what: 'x', from: at(5), to: undefined },
  ]);
});

it('has an event once, however often it comes, and the newest first', () => {
  const [one, other] = [event('service.version.changed', 1, { name: 'web', from: '1', to: '2' }), event('autoheal.failed', 2, { service: 'web' })];
  expect(merge([one], [other, one])).toEqual([other, one]);
  expect(timelineOf(merge([one], [other]), at(0))).toMatchObject({ versions: [{ what: 'web: 1 → 2' }], heals: [{ good: false }] });
  expect([undefined, '1', '7'].map(hoursOf)).toEqual([6, 1, 6]);
});
