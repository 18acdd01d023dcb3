import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { OpsEvent } from '../api/types';
import { aiKey, createAskAgain, deliveriesKey, healerKey, silencesKey, tenantsKey } from './askAgain';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const keys = (asked: { mock: { calls: unknown[][] } }) => asked.mock.calls.map(([filter]) => (filter as { queryKey: unknown }).queryKey);

const event = (event_type: string) => ({ event_type }) as unknown as OpsEvent;

test('a storm of events is one question, and what comes after it is another', () => {
  const [client, askAgain] = [new QueryClient(), createAskAgain()];
  const asked = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  for (let i = 0; i < 1_000; i++) askAgain(client, [event('autoheal.attempted')]);
  vi.advanceTimersByTime(500);
  expect(keys(asked)).toEqual([healerKey]);

  askAgain(client, [event('autoheal.succeeded')]);
  vi.advanceTimersByTime(500);
  expect(keys(asked).filter((key) => key === healerKey)).toHaveLength(2);
});

test('a replay is asked for how far it is by what it sends again, and by its end', () => {
  const [client, askAgain] = [new QueryClient(), createAskAgain()];
  const asked = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  for (const type of ['delivery.replayed', 'ops.replay.finished']) {
    asked.mockClear();
    askAgain(client, [event(type)]);
    vi.advanceTimersByTime(1_000);
    expect(keys(asked)).toContain(deliveriesKey);
  }
});

test('what the gateway says has moved is asked for, and nothing that events alone tell', () => {
  const [client, askAgain] = [new QueryClient(), createAskAgain()];
  const asked = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  askAgain(client, [{ event_type: 'gateway.moved' }, { event_type: 'gateway.moved' }]);
  vi.advanceTimersByTime(5_000);
  expect(keys(asked)).toEqual([deliveriesKey]);
});

test('each event asks for what it is about, and any for the deliveries, though later', () => {
  const [client, askAgain] = [new QueryClient(), createAskAgain()];
  const asked = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  askAgain(client, [event('ops.alert.silenced'), event('lead.created'), event('service.health.recovered')]);
  vi.advanceTimersByTime(1_000);
  expect(keys(asked)).toContain(silencesKey);
  expect(keys(asked).filter((key) => key === deliveriesKey)).toHaveLength(1);
  expect(keys(asked)).not.toContain(tenantsKey);
  vi.advanceTimersByTime(4_000);
  expect(keys(asked)).toContain(aiKey);
  expect(keys(asked).filter((key) => key === deliveriesKey)).toHaveLength(2);
  expect(keys(asked)).toContain(tenantsKey);
});
