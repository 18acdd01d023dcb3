import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { aiCallsQuery, eventsQuery } from '../../api/queries';
import type { OverviewSearch } from './search';
import { EventDetail } from '../../components/EventDetail';
import { keyOf } from '../../live/events';

/** The event that the address names, among those that the overview has. */
export function OpenEvent() {
  const { event: key } = useSearch({ from: '/signed-in/' });
  const navigate = useNavigate({ from: '/' });
  const events = useQuery(eventsQuery);
  const { data: calls } = useQuery(aiCallsQuery);
  return (
    <EventDetail
      eventKey={key}
      event={events.data?.find((one) => keyOf(one) === key) ?? calls?.find((call) => call.key === key)?.event}
      of={events}
      missing={{ what: 'This event is not among the newest', hint: 'It is still in the event history.' }}
      onClose={() => void navigate({ search: ({ event: _, ...rest }: OverviewSearch) => rest })}
      onTrace={(trace_id) => void navigate({ to: '/events', search: { trace_id } })}
    />
  );
}
