import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { eventsQuery, healsQuery, healthQuery } from '../../api/queries';
import type { Heal, MeshHealth } from '../../api/types';
import { beingHealed } from '../../live/patch';
import { nameOf } from '../alerts/alerts';
import { alertsQuery } from '../alerts/queries';
import { timelineQuery } from './queries';
import { hoursOf, stateAt } from './timeline';

export interface MeshThen {
  /** The minute that is shown; now, when it is undefined. */
  at: number | undefined;
  health: MeshHealth | undefined;
  healing: string[];
  heals: Heal[] | undefined;
  firing: string[];
  /** There are more alerts than were asked for. */
  more: boolean;
}

/** The mesh as it stands, or as it stood at the minute that the address names. */
export function useMesh(): MeshThen {
  const search = useSearch({ from: '/signed-in/' });
  const at = search.at === undefined || Number.isNaN(Date.parse(search.at)) ? undefined : Date.parse(search.at);
  const health = useQuery(healthQuery);
  const { data: events } = useQuery(eventsQuery);
  const { data: heals } = useQuery(healsQuery);
  const alerts = useInfiniteQuery(alertsQuery({ state: 'raised' }));
  const told = useQuery({ ...timelineQuery(hoursOf(search.hours)), enabled: at !== undefined });
  if (at !== undefined && health.data && told.data) {
    const then = stateAt(at, health.data, told.data.events, told.data.since);
    return { at, ...then, more: false };
  }
  return {
    at: undefined,
    health: health.data,
    healing: beingHealed(events ?? [], Date.now()),
    heals,
    firing: alerts.data?.pages.flatMap((page) => page.alerts).map(nameOf) ?? [],
    more: alerts.hasNextPage,
  };
}
