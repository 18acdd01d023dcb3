import { describe, expect, it } from 'vitest';
import type { AiFigures, AiSeries, Provider, RecordedCall } from '../../api/types';
import { asked, chainOf, circuitOf, dollars, figuresOf, filterOf, groupingOf, hoursUpTo, readSearch, stacksOf, sumsOf } from './ai';

const call = (attempts: unknown, provider: string | null = null) => ({ attempts, provider }) as RecordedCall;

describe('the chain of a call', () => {
  it('is who was asked, in order, without those that were skipped', () => {
    const chain = [{ provider: 'claude', outcome: 'skipped' }, { provider: 'openai', outcome: 'failed', error: 'refused', latency_ms: 12 }, { provider: 'local', outcome: 'success' }];
    expect(asked(call(chain, 'local'))).toBe('openai → local');
    expect(chainOf(call(chain))[1]).toEqual({ provider: 'openai', outcome: 'failed', latencyMs: 12, why: 'refused' });
  });

  it('is what can be read of a record that is not as expected', () => {
    expect(chainOf(call('nothing'))).toEqual([]);
    expect(chainOf(call([null, 7, {}, { provider: 'x' }]))).toEqual([{ provider: 'x', outcome: 'unknown', latencyMs: undefined, why: undefined }]);
    expect(asked(call([], 'local'))).toBe('local');
    expect(asked(call([]))).toBe('nobody was asked');
  });
});

it('says of a circuit whether calls go through it', () => {
  const provider = (more: object) => ({ configured: true, healthy: true, state: 'closed', ...more }) as Provider;
  expect(['closed', 'half_open', 'open'].map((state) => circuitOf(provider({ state })).word)).toEqual(['closed', 'half open', 'open']);
  expect(circuitOf(provider({ healthy: false }))).toEqual({ word: 'closed', meaning: 'attention' });
  expect(circuitOf(provider({ configured: false, healthy: false, state: 'open' }))).toEqual({ word: 'not set up', meaning: 'neutral' });
});

it('shows small sums as they are', () => {
  expect([0, 0.00123, 0.5, 12.345].map(dollars)).toEqual(['$0', '$0.0012', `$${(0.5).toLocaleString(undefined, { minimumFractionDigits: 2 })}`, `$${(12.35).toLocaleString()}`]);
});

it('has dashes before anything is known, and warns of calls that fail', () => {
  expect(figuresOf(undefined).map(({ value }) => value)).toEqual(['–', '–', '–', '–']);
  const total = { calls: 3, succeeded: 2, fallbacks: 1, success_rate: 66.67, cost_usd: 0, input_tokens: 1, output_tokens: 2, latency_ms: { p50: 20, p95: null, p99: null } } as AiFigures;
  expect(figuresOf(total)).toMatchObject([{ note: '1 by a fallback' }, { meaning: 'attention' }, { value: '20 ms', note: 'p95 –, p99 –' }, { note: '3 tokens' }]);
  expect(figuresOf({ ...total, success_rate: 99.5 })[1]).toMatchObject({ meaning: undefined });
  expect(figuresOf({ ...total, success_rate: null })[1]).toMatchObject({ value: '–', meaning: undefined });
});

it('keeps its filters in the address', () => {
  expect(readSearch({ intent: 'extract-lead', call: 7, provider: '', x: 1 })).toEqual({ intent: 'extract-lead', call: '7' });
  expect(filterOf({ intent: 'extract-lead', call: '7' })).toEqual({ intent: 'extract-lead' });
});

it('gives each of the last 24 hours its place, also those of which nothing is told', () => {
  const hours = hoursUpTo(Date.parse('2026-01-02T12:34:56Z'));
  expect([hours.length, hours[0], hours[23]]).toEqual([24, '2026-01-01T13:00:00.000Z', '2026-01-02T12:00:00.000Z']);
  const told = [{ name: 'claude', by_hour: [{ hour: '2026-01-02T11:00:00Z', calls: 7 }] }, { name: null, by_hour: [{ hour: '2025-01-01T00:00:00Z', calls: 1 }] }] as AiSeries[];
  const sums = sumsOf([{ name: null, by_hour: [{ calls: 2, input_tokens: 3, output_tokens: 4, cost_usd: 0.5 }, { calls: 1, input_tokens: 1, output_tokens: 1, cost_usd: 0.25 }] } as AiSeries]);
  expect(sums).toEqual([{ name: undefined, calls: 3, tokens: 9, cost: 0.75 }]);
  const [claude, others] = stacksOf(told, hours, ({ calls }) => calls);
  expect([claude?.name, claude?.values.slice(-2)]).toEqual(['claude', [7, 0]]);
  expect([others?.name, others?.values.length, others?.values.some((count) => count > 0)]).toEqual([undefined, 24, false]);
});

it('tells the use apart by provider unless the address says otherwise', () => {
  expect([{}, { by: 'tenant' }, { by: 'model' }].map(groupingOf)).toEqual(['provider', 'tenant', 'provider']);
});
