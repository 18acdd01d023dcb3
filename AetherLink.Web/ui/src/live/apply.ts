import type { QueryClient } from '@tanstack/react-query';
import { aiCallsQuery, eventsQuery, healsQuery, healthQuery, liveEventsKey } from '../api/queries';
import type { OpsEvent } from '../api/types';
import { patchAlerts, refetchAlerts } from '../pages/alerts/queries';
import { patchSearches, refetchSearches } from '../pages/events/queries';
import { patchTimeline } from '../pages/overview/queries';
import { askAgain, toldKeys } from './askAgain';
import { EventTypes, text } from './events';
import { addAiCalls, addEvents, patchHeals, patchHealth } from './patch';

/** Puts live events into what the pages have already fetched. Oldest first, as they came. */
export function applyEvents(client: QueryClient, events: readonly OpsEvent[]): void {
  if (events.length === 0) return;
  client.setQueryData<OpsEvent[]>(liveEventsKey, (known) => addEvents(known ?? [], events));
  client.setQueryData(eventsQuery.queryKey, (known) => known && addEvents(known, events));
  patchSearches(client, events);
  patchAlerts(client, events);
  patchTimeline(client, events);
  askAgain(client, events);
  client.setQueryData(aiCallsQuery.queryKey, (known) => known && addAiCalls(known, events));
  client.setQueryData(healthQuery.queryKey, (known) => known && events.reduce(patchHealth, known));
  client.setQueryData(healsQuery.queryKey, (known) => known && events.reduce<typeof known>(patchHeals, known));

  // A panel whose service was away has nothing to patch: it asks again when that service is back.
  if (events.some(bringsBack('auto-heal'))) void client.invalidateQueries({ queryKey: healsQuery.queryKey });
}

const bringsBack = (service: string) => (event: OpsEvent) =>
  event.event_type === EventTypes.serviceRecovered && (text(event, 'name') ?? text(event, 'service')) === service;

/** After an absence that the stream cannot fill (another database, a stream that was never resumed): ask for all of it. */
export function refetchAll(client: QueryClient): void {
  for (const { queryKey } of [eventsQuery, aiCallsQuery, healthQuery, healsQuery])
    void client.invalidateQueries({ queryKey });
  refetchSearches(client);
  refetchAlerts(client);
  for (const queryKey of toldKeys) void client.invalidateQueries({ queryKey });
}

/** After a reconnect: the events are complete, but measured figures (latencies) are as old as the absence. */
export function refetchMeasured(client: QueryClient): void {
  for (const { queryKey } of [healthQuery, healsQuery]) void client.invalidateQueries({ queryKey });
  for (const queryKey of toldKeys) void client.invalidateQueries({ queryKey });
  for (const { queryKey } of [eventsQuery, aiCallsQuery])
    if (client.getQueryState(queryKey)?.status === 'error') void client.invalidateQueries({ queryKey });
}
