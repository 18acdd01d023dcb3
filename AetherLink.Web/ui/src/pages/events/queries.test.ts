import type { InfiniteData } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { EventPage, OpsEvent } from '../../api/types';
import { addLive } from './queries';

const event = (id: number) => ({ event_id: `e${id}`, tenant_id: 'acme', event_type: 'lead.created', payload: {} }) as unknown as OpsEvent;

/** Newest first, as the server answers. */
const found = (...pages: number[][]): InfiniteData<EventPage, string | null> => ({
  pages: pages.map((ids) => ({ status: 'ok', count: ids.length, next_cursor: 'more', events: ids.map(event) as unknown as EventPage['events'] })),
  pageParams: pages.map(() => null),
});

const ids = (data: InfiniteData<EventPage, string | null>) => data.pages.map((page) => page.events.map(({ event_id }) => event_id));

test('what arrives stands before what was there, each once', () => {
  expect(ids(addLive(found([2, 1], [0]), [event(2), event(3), event(4)]))).toEqual([['e4', 'e3', 'e2', 'e1'], ['e0']]);
});

test('nothing new leaves the very same answer, so that nothing is drawn again', () => {
  const before = found([2, 1]);
  expect(addLive(before, [event(1)])).toBe(before);
  expect(addLive(before, [])).toBe(before);
});

test('the oldest are let go beyond two thousand rows', () => {
  const after = addLive(found(Array.from({ length: 1_000 }, (_, i) => 2_000 - i), Array.from({ length: 1_000 }, (_, i) => 1_000 - i)), [event(2_001)]);
  expect(after.pages).toHaveLength(1);
  expect(after.pages[0]?.next_cursor).toBeNull();
  expect(ids(after)[0]?.[0]).toBe('e2001');
});
