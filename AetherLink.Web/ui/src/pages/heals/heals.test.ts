import { describe, expect, it } from 'vitest';
import type { Heal, HealStats, HealTarget, HealerStatus } from '../../api/types';
import { aheadOf, figuresOf, governorsView, lanesOf, nextLook, readSearch, verdictOf, worstFirst } from './heals';

const now = Date.parse('2026-01-02T12:00:00Z');
const target = (name: string, state: string, more: object = {}) =>
  ({ name, state, kind: 'service', enrolled: true, would: 'nothing', why: '', suppressed_by: null, cooldown_until: null, ...more }) as HealTarget;
const status = (targets: HealTarget[], fleet: object = {}) => ({ targets, fleet: { braked: false, down: 0, counted: targets.length, ...fleet } }) as unknown as HealerStatus;

describe('the four cards', () => {
  it('have dashes before anything is known, and no rate of nothing', () => {
    expect(figuresOf(undefined).map(({ value }) => value)).toEqual(['–', '–', '–', '–']);
    expect(figuresOf({ total_attempts: 0, successful: 0, failed: 0, success_rate: 0, services: {}, most_healed: null } as HealStats)[1]?.value).toBe('–');
  });

  it('say what was healed', () => {
    const figures = figuresOf({ total_attempts: 3, successful: 2, failed: 1, success_rate: 66.67, services: {}, most_healed: 'web' } as HealStats);
    expect(figures).toMatchObject([{ value: '3', note: 'most of web' }, { value: `${(66.7).toLocaleString()} %` }, { value: '2' }, { value: '1', meaning: 'attention' }]);
  });
});

describe('the sentence', () => {
  it('is that all is well', () => {
    expect(verdictOf(status([target('a', 'healthy'), target('b', 'stopped')]))).toEqual({ meaning: 'good', sentence: 'All systems healthy' });
  });

  it('begins with the brake, then what is down, then what is being healed', () => {
    const targets = [target('a', 'down'), target('b', 'healing')];
    expect(verdictOf(status(targets, { braked: true, down: 5, counted: 9 })).sentence).toContain('5 of 9 are down at once');
    expect(verdictOf(status(targets))).toEqual({ meaning: 'bad', sentence: '1 of 2 not healthy: a' });
    expect(verdictOf(status(targets.slice(1)))).toEqual({ meaning: 'attention', sentence: 'Being looked after: b' });
    expect(verdictOf(status([])).meaning).toBe('neutral');
  });
});

it('says why a target is not restarted', () => {
  expect(governorsView(target('a', 'down', { would: 'hold_back', suppressed_by: 'hourly_cap', why: '3 of 3 this hour' }))).toBe('Held back by hourly cap: 3 of 3 this hour');
  expect(governorsView(target('a', 'down', { would: 'restart', why: '2 probes failed' }))).toBe('Would be restarted now: 2 probes failed');
  expect(governorsView(target('a', 'healthy'))).toBe('Left alone: nothing is wrong with it');
  expect(governorsView(target('a', 'recovering'))).toBe('Left alone for now');
  expect(governorsView(target('a', 'down', { enrolled: false, would: 'restart' }))).toContain('Only watched');
});

it('puts first what needs somebody', () => {
  expect([target('z', 'healthy'), target('c', 'starting'), target('b', 'healing'), target('d', 'down'), target('a', 'healthy')].sort(worstFirst).map(({ name }) => name)).toEqual(['d', 'b', 'c', 'a', 'z']);
});

it('looks again when the next cooldown has ended', () => {
  expect(nextLook(status([target('a', 'healthy')]), now)).toBeUndefined();
  expect(nextLook(status([target('a', 'healthy', { cooldown_until: '2026-01-02T12:00:30Z' }), target('b', 'healthy', { cooldown_until: '2026-01-02T12:05:00Z' })]), now)).toBe(31_000);
  expect(nextLook(status([target('a', 'healthy', { cooldown_until: '2026-01-02T11:59:59.500Z' })]), now)).toBe(500);
  expect(nextLook(status([target('a', 'healthy', { cooldown_until: '2026-01-02T11:00:00Z' })]), now)).toBeUndefined();
});

it('knows that the server may have another time than the browser', () => {
  expect(aheadOf('Fri, 02 Jan 2026 12:00:07 GMT', now)).toBe(7_000);
  expect(aheadOf('Fri, 02 Jan 2026 11:59:00 GMT', now)).toBe(-60_000);
  expect(aheadOf(null, now)).toBe(0);
});

describe('the timeline', () => {
  const heal = (service: string, minutesAgo: number, success = true) => ({ service, timestamp: now / 1_000 - 60 * minutesAgo, success, action: 'restart', reason: 'died', verified: true }) as Heal;

  it('has a lane for each service, on an axis that begins before the first heal', () => {
    const { lanes, from } = lanesOf([heal('web', 10, false), heal('api', 120), heal('web', 60)], now);
    expect(lanes.map(({ name, marks }) => [name, marks?.map(({ what, good }) => [what, good])])).toEqual([
      ['api', [['restart healed, died', true]]], ['web', [['restart failed, died', false], ['restart healed, died', true]]],
    ]);
    expect(from).toBeLessThan(now - 120 * 60_000);
  });

  it('is an hour at least, and ends now even for a heal of a clock that is ahead', () => {
    expect(lanesOf([heal('web', -5)], now).lanes[0]?.marks?.[0]?.at).toBe(now);
    expect(now - lanesOf([], now).from).toBeGreaterThanOrEqual(3_600_000);
  });
});

it('keeps in the address whose heals are shown', () => {
  expect(readSearch({ target: 'web', other: 1 })).toEqual({ target: 'web' });
  expect(readSearch({ target: '' })).toEqual({});
});
