import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { eventsQuery, healsQuery, healthQuery } from '../../api/queries';
import type { OpsEvent } from '../../api/types';
import type { Asked } from '../../components/Listing';
import { beingHealed } from '../../live/patch';
import { nameOf } from '../alerts/alerts';
import { alertsQuery } from '../alerts/queries';
import { standingOf, type Standing } from './past';
import { stateQuery } from './queries';
import { minuteOf } from './search';

export interface MeshThen extends Standing {
  /** The minute that is shown; now, when it is undefined. */
  at: number | undefined;
  /** The question that the services come from. */
  asked: Asked & { isSuccess: boolean };
}

/** As one text, so that what is drawn of it is drawn anew when it changes, and not with every event. */
const healingOf = (events: readonly OpsEvent[]): string => beingHealed(events, Date.now()).join('\n');

/** The mesh as it stands, or as it stood at the minute that the address names. */
export function useMesh(): MeshThen {
  const search = useSearch({ from: '/signed-in/' });
  const at = minuteOf(search);
  const health = useQuery(healthQuery);
  const { data: healing = '' } = useQuery({ ...eventsQuery, select: healingOf });
  const { data: heals } = useQuery(healsQuery);
  const alerts = useInfiniteQuery(alertsQuery({ state: 'raised' }));
  // Sliding on, the minute before stays until the next one is there; it says which one it is.
  const state = useQuery({ ...stateQuery(at ?? 0), enabled: at !== undefined, placeholderData: keepPreviousData });
  if (at !== undefined)
    return state.data
      ? { at: Date.parse(state.data.at), asked: state, ...standingOf(state.data, health.data) }
      : { at, asked: state, health: undefined, healing: [], heals: undefined, firing: [], more: false };
  return {
    at,
    asked: health,
    health: health.data,
    healing: healing === '' ? [] : healing.split('\n'),
    heals,
    firing: alerts.data?.pages.flatMap((page) => page.alerts).map(nameOf) ?? [],
    more: alerts.hasNextPage,
  };
}
