import { textsOf } from '../../components/place';

/** What of the overview a person would want to share lives in the address. */
export interface OverviewSearch {
  event?: string;
  severity?: string;
  /** The minute that is shown again, ISO 8601; now, without it. */
  at?: string;
  /** The hours of the timeline. */
  hours?: string;
  /** The services: a part of their names, a status, and by what they are grouped. */
  service?: string;
  status?: string;
}

/** The minute that is shown; undefined for now. */
export const minuteOf = ({ at }: OverviewSearch): number | undefined => (at === undefined || Number.isNaN(Date.parse(at)) ? undefined : Date.parse(at));

export const readSearch = (search: Record<string, unknown>): OverviewSearch =>
  textsOf(search, ['event', 'severity', 'at', 'hours', 'service', 'status']);
