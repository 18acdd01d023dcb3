import { useQuery } from '@tanstack/react-query';
import { Bars } from '../../components/Bars';
import { Panel } from '../../components/Panel';
import { statsQuery } from './queries';

/** Events by hour of the last day, for the tenant alone: the other filters narrow the list and not the picture of the day. */
export function Histogram({ tenant }: { tenant: string | undefined }) {
  const stats = useQuery(statsQuery(tenant));
  if (!stats.data) return null;
  return (
    <Panel title="The last 24 hours" note={`${stats.data.last_24h.toLocaleString()} events, by hour`}>
      <Bars unit="events" hours={stats.data.by_hour ?? []} />
    </Panel>
  );
}
