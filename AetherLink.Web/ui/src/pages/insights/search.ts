import { textsOf } from '../../components/place';

/** What the anomalies are narrowed to; the names are the API's. */
export interface AnomalyFilter {
  series?: string;
  severity?: string;
  state?: string;
  tenant_id?: string;
}

export interface InsightsSearch extends AnomalyFilter {
  /** The hours of the history; what is unusual now, without it. */
  hours?: string;
  /** The anomaly that is open at the edge. */
  anomaly?: string;
}

export const filterFields = ['series', 'severity', 'state', 'tenant_id'] as const;

export const readSearch = (search: Record<string, unknown>): InsightsSearch => textsOf(search, [...filterFields, 'hours', 'anomaly']);

export const filterOf = (search: InsightsSearch): AnomalyFilter => textsOf({ ...search }, filterFields);
