import { useNavigate, useSearch } from '@tanstack/react-router';
import type { OverviewSearch } from './search';
import { EventDetail } from '../../components/EventDetail';
import { keyOf } from '../../live/events';
import { useAiCalls, useEvents } from './useEvents';

/** The event that the address names, among those that the overview has. */
export function OpenEvent() {
  const { event: key } = useSearch({ from: '/signed-in/' });
  const navigate = useNavigate({ from: '/' });
  const { asked: events } = useEvents();
  const { asked: calls } = useAiCalls();
  return (
    <EventDetail
      eventKey={key}
      event={events.data?.find((one) => keyOf(one) === key) ?? calls.data?.find((call) => call.key === key)?.event}
      of={events}
      missing={{ what: 'This event is not among the newest', hint: 'It is still in the event history.' }}
      onClose={() => void navigate({ search: ({ event: _, ...rest }: OverviewSearch) => rest })}
      onTrace={(trace_id) => void navigate({ to: '/events', search: { trace_id } })}
    />
  );
}
