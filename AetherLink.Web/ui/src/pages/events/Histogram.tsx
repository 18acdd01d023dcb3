import { useQuery } from '@tanstack/react-query';
import { Bars } from '../../components/Bars';
import { Listing } from '../../components/Listing';
import { Panel } from '../../components/Panel';
import { statsQuery } from './queries';

/** Events by hour of the last day, for the tenant alone: the other filters narrow the list and not the picture of the day. */
export function Histogram({ tenant }: { tenant: string | undefined }) {
  const stats = useQuery(statsQuery(tenant));
  return (
    <Panel title="The last 24 hours" note={stats.data && `${stats.data.last_24h.toLocaleString()} ${stats.data.last_24h === 1 ? 'event' : 'events'}, by hour`}>
      <Listing of={stats} what="The histogram" count={stats.data && 1} empty={{ what: 'No events' }}>
        <Bars unit="events" hours={stats.data?.by_hour ?? []} />
      </Listing>
    </Panel>
  );
}
