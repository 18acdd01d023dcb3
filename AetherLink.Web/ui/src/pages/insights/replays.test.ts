import { expect, it } from 'vitest';
import { meaningOf, replayFilterOf, sidesOf, wordOf } from './replays';

const reason = (why: string, holds: boolean, cost: number) => ({ name: why, holds, cost, why });

it('tells what speaks for a replay and what against it, the gravest before the others', () => {
  expect(sidesOf([reason('a', true, 0), reason('b', false, 5), reason('c', false, 25), reason('d', true, 2)])).toEqual({ against: ['c', 'b'], pro: ['a', 'd'] });
});

it('knows what to call what it does not know', () => {
  expect([wordOf('retry_now'), wordOf('some_other'), meaningOf('fix'), meaningOf('some_other')]).toEqual(['safe to send again', 'some other', 'bad', 'neutral']);
});

it('keeps its filters in the address', () => {
  expect(replayFilterOf({ view: 'replays', recommendation: 'ask', tenant_id: 'acme', anomaly: 'x' })).toEqual({ recommendation: 'ask', tenant_id: 'acme' });
});
