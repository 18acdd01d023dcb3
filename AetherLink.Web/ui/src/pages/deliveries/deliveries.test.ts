import { describe, expect, it } from 'vitest';
import type { Delivery, DeliveryStats, ReplayJob, Webhook } from '../../api/types';
import { atRisk, figuresOf, mayReplay, outcomeOf, progress, stateOfEndpoint } from './deliveries';
import { filterOf, idsOf, readSearch, withTick } from './search';

const now = Date.parse('2026-01-02T03:04:05Z');
const delivery = (status: string, more: object = {}) => ({ status, in_flight: false, ...more }) as Delivery;
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();

it('sends again what has come to an end, and not what is on its way', () => {
  expect([delivery('success'), delivery('dead_letter'), delivery('pending'), delivery('failed', { in_flight: true })].map(mayReplay)).toEqual([true, true, false, false]);
});

describe('a replay of many', () => {
  const job = (more: object) => ({ status: 'running', total: 200, replayed: 0, skipped: null, ...more }) as ReplayJob;

  it('says how far it is, and is not done before it says so', () => {
    expect(progress(job({ replayed: 50 }))).toBe(25);
    expect(progress(job({ replayed: 200 }))).toBe(99);
    expect(progress(job({ status: 'done', replayed: 190, skipped: 10 }))).toBe(100);
    expect(progress(job({ total: 0 }))).toBe(100);
  });

  it('says what it left out', () => {
    expect(outcomeOf(job({ replayed: 50 }))).toBe('50 of 200 sent again so far');
    expect(outcomeOf(job({ status: 'done', replayed: 190, skipped: 10 }))).toContain('10 could not be');
    expect(outcomeOf(job({ status: 'done', replayed: 200, skipped: 0 }))).toBe('200 of 200 sent again');
  });
});

it('says of an endpoint what keeps it from getting anything, the worst first', () => {
  const webhook = (more: object) => ({ enabled: true, failures: 0, failing_since: null, cooldown_until: null, disabled_reason: null, ...more }) as Webhook;
  expect(stateOfEndpoint(webhook({}))).toMatchObject({ word: 'healthy', meaning: 'good' });
  expect(stateOfEndpoint(webhook({ failing_since: at(0), failures: 3 }))).toMatchObject({ word: 'failing' });
  expect(stateOfEndpoint(webhook({ failing_since: at(0), cooldown_until: at(60), cooldown_reason: 'slow' }))).toMatchObject({ word: 'cooling down', meaning: 'attention' });
  expect(stateOfEndpoint(webhook({ enabled: false, cooldown_until: at(60), disabled_reason: 'gone' }))).toEqual({ word: 'off', meaning: 'bad', why: 'gone' });
});

it('has dashes where nothing is known, and says what is at risk', () => {
  expect(figuresOf(undefined).map(({ value }) => value)).toEqual(['–', '–', '–', '–', '–']);
  const stats = { queued: 10_000, queued_capped: true, due: 3, in_flight: 1, near_failure: 2, given_up: 0, delivered: 9, success_rate: 99.55, oldest_due_age_seconds: 120 } as DeliveryStats;
  expect(figuresOf(stats)).toMatchObject([
    { value: `${(10_000).toLocaleString()}+`, note: '3 due, 1 on the way' },
    { meaning: 'attention' },
    { meaning: undefined },
    { value: '9' },
    { note: 'the oldest is 2 min late' },
  ]);
});

it('keeps its filters in the address', () => {
  const search = readSearch({ status: 'dead_letter', triage: '', view: 'endpoints', job: 7, other: 1 });
  expect(search).toEqual({ status: 'dead_letter', view: 'endpoints', job: '7' });
  expect(filterOf(search)).toEqual({ status: 'dead_letter' });
});

it('names what is at risk, the gravest first, and nothing of what goes well', () => {
  const stats = { given_up: 0, near_failure: 0, due: 7, oldest_due_age_seconds: 3, queued_capped: false } as DeliveryStats;
  expect(atRisk(stats)).toEqual([]);
  expect(atRisk({ ...stats, given_up: 2, near_failure: 1, oldest_due_age_seconds: 300 }).map(({ name, count, status, note }) => [name, count, status, note])).toEqual([
    ['Given up', '2', 'dead_letter', 'in the last day'],
    ['Near failure', '1', 'failed', 'two attempts left at most'],
    ['Late', '7', 'pending', 'due and not sent yet, the oldest for 5 min'],
  ]);
});

it('keeps what is chosen in the address', () => {
  expect(idsOf('')).toEqual([]);
  expect(idsOf(withTick(withTick('', 'a', true), 'b', true))).toEqual(['a', 'b']);
  expect([withTick('a,b', 'a', false), withTick('a', 'a', false), withTick('a', 'a', true)]).toEqual(['b', '', 'a']);
});
