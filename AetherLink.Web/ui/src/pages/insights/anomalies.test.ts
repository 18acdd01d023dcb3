import { expect, it } from 'vitest';
import type { Incident } from '../../api/types';
import { described, meaningOfState, sayable, wordOfSeries, wordOfState } from './anomalies';
import { filterOf, readSearch } from './search';

const incident = (state: Incident['state'], ended_at: string | null = null) => ({ state, ended_at }) as Incident;

it('names a series by what it is of', () => {
  expect(['events/lead.created/error', 'deliveries/7/latency', 'ai/claude/failures', 'services/web/latency', 'heals/web', 'other'].map(wordOfSeries)).toEqual([
    'lead.created events, error', 'latency of 7', 'failures of claude', 'latency of web', 'heals of web', 'other',
  ]);
  expect(described({ series: 'ai/claude/latency', observed: 1234.5678, expected: 20 })).toBe(`${(1235).toLocaleString()} ms instead of 20`);
});

it('tells one that is over from one that goes on', () => {
  expect([incident('open'), incident('open', '2026-01-01T00:00:00Z'), incident('false_positive')].map((one) => [wordOfState(one), meaningOfState(one)])).toEqual([
    ['open', 'bad'], ['over', 'good'], ['false alarm', 'neutral'],
  ]);
});

it('can be judged once', () => {
  expect([incident('open'), incident('acknowledged'), incident('resolved')].map((one) => sayable(one).length)).toEqual([3, 2, 0]);
});

it('keeps the view and the filters in the address', () => {
  const search = readSearch({ view: 'anomalies', severity: 'error', hours: 24, anomaly: 'x' });
  expect(search).toEqual({ view: 'anomalies', severity: 'error', hours: '24', anomaly: 'x' });
  expect(filterOf(search)).toEqual({ severity: 'error' });
  expect(readSearch({ view: 'causes' })).toEqual({});
});
