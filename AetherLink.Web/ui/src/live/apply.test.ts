import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { eventsQuery } from '../api/queries';
import type { OpsEvent } from '../api/types';
import { searchQuery } from '../pages/events/queries';
import { applyEvents } from './apply';

const event = (event_id: string) =>
  ({ tenant_id: 'acme', event_id, event_type: 'lead.created', source: 'crm', severity: 'info', timestamp: '2026-11-22T10:00:00Z', payload: { lead: event_id } }) as unknown as OpsEvent;

test('what was in a list stays the object that it is when events are put in front of it', async () => {
  const client = new QueryClient();
  const [one, other] = [event('1'), event('2')];
  await client.fetchQuery({ ...eventsQuery, queryFn: () => [other, one] });
  const search = searchQuery({});
  await client.fetchInfiniteQuery({ ...search, queryFn: () => ({ status: 'ok', count: 2, next_cursor: null, events: [other, one] }) as never });

  applyEvents(client, [event('3'), event('4')]);

  const ticker = client.getQueryData(eventsQuery.queryKey) ?? [];
  const history = client.getQueryData(search.queryKey)?.pages[0]?.events ?? [];
  for (const list of [ticker, history as unknown as OpsEvent[]]) {
    expect(list.map(({ event_id }) => event_id)).toEqual(['4', '3', '2', '1']);
    expect(list[2]).toBe(other);
    expect(list[3]).toBe(one);
  }
});
