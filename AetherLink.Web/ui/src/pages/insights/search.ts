import { textsOf } from '../../components/place';

export const views = ['causes', 'anomalies', 'replays'] as const;
export type View = (typeof views)[number];

/** What the anomalies are narrowed to; the names are the API's. */
export interface AnomalyFilter {
  series?: string;
  severity?: string;
  state?: string;
  tenant_id?: string;
}

export interface InsightsSearch extends AnomalyFilter {
  view?: View;
  /** The hours of the history; what is unusual now, without it. */
  hours?: string;
  /** The time of which the causes are asked, ISO 8601; the last hour, without it. */
  from?: string;
  to?: string;
  /** What is open at the edge: an anomaly, a cause. */
  anomaly?: string;
  cause?: string;
  /** What is recommended, of the replays: what is safe, without it. */
  recommendation?: string;
  /** Deliveries that are not to be sent again with the others, by their ids, with commas between them. */
  left?: string;
}

export const filterFields = ['series', 'severity', 'state', 'tenant_id'] as const;

export function readSearch(search: Record<string, unknown>): InsightsSearch {
  const read: InsightsSearch = textsOf(search, [...filterFields, 'hours', 'from', 'to', 'anomaly', 'cause', 'recommendation', 'left']);
  const view = views.find((known) => known === search.view);
  if (view && view !== 'causes') read.view = view;
  return read;
}

export const filterOf = (search: InsightsSearch): AnomalyFilter => textsOf({ ...search }, filterFields);
