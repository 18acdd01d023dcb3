import { expect, it } from 'vitest';
import type { OpsEvent } from '../../api/types';
import { annotationsOf, hoursOf, intervals, merge, timelineOf } from './timeline';

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 10, n)).toISOString();
const at = (n: number) => Date.parse(minute(n));
let number = 0;
const event = (event_type: string, n: number, payload: Record<string, unknown>) =>
  ({ event_id: `e${number++}`, tenant_id: 'default', event_type, timestamp: minute(n), payload, source: 'command-center' }) as OpsEvent;
const newestFirst = (...events: OpsEvent[]) => merge([], events);

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
  expect(timelineOf([{ ...one, client_ip: '10.0.0.1' }, { ...other, tenant_id: 'acme' }], at(0))).toMatchObject({ versions: [], heals: [] });
  expect([undefined, '1', '7'].map(hoursOf)).toEqual([6, 1, 6]);
});

it('draws an annotation as a mark, and one that lasted as a bar that begins with the axis at the earliest', () => {
  const annotation = (from: number, to: number | null, text: string) => ({ at: minute(from), until: to === null ? null : minute(to), text, tags: [] });
  expect(annotationsOf([annotation(3, null, 'deployed'), annotation(1, 4, 'failover'), annotation(5, 5, 'moved')], at(2))).toEqual({
    intervals: [{ what: 'failover', from: at(2), to: at(4) }],
    marks: [{ at: at(3), what: 'deployed', good: true }, { at: at(5), what: 'moved', good: true }],
  });
});
