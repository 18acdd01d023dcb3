import { textsOf } from '../../components/place';

export const views = ['history', 'endpoints'] as const;
export type View = (typeof views)[number];

export const statuses = ['pending', 'failed', 'success', 'dead_letter'] as const;
export const triages = ['rate_limited', 'transient_endpoint_down', 'permanent_4xx', 'unknown'] as const;

/** What the history is narrowed to; the names are the API's. */
export interface DeliveryFilter {
  status?: string;
  triage?: string;
  tenant_id?: string;
  endpoint_id?: string;
  event_type?: string;
  /** ISO 8601. */
  start_time?: string;
  end_time?: string;
}

export interface DeliveriesSearch extends DeliveryFilter {
  view?: View;
  /** What is open at the edge. */
  delivery?: string;
  /** Those that are chosen to be sent again, by their ids, with commas between them. */
  ticked?: string;
  /** The replay whose progress is shown. */
  job?: string;
  /** The endpoint that is being changed, or a new one. */
  edit?: string;
}

export const filterFields = ['status', 'triage', 'tenant_id', 'endpoint_id', 'event_type', 'start_time', 'end_time'] as const;

export function readSearch(search: Record<string, unknown>): DeliveriesSearch {
  const read: DeliveriesSearch = textsOf(search, [...filterFields, 'delivery', 'job', 'edit', 'ticked']);
  if (search.view === 'endpoints') read.view = 'endpoints';
  return read;
}

export const idsOf = (text: string): string[] => text.split(',').filter(Boolean);

/** With one more, or without it. */
export function withTick(text: string, id: string, on: boolean): string {
  const rest = idsOf(text).filter((one) => one !== id);
  return (on ? [...rest, id] : rest).join(',');
}

export function filterOf(search: DeliveriesSearch): DeliveryFilter {
  const filter: DeliveryFilter = {};
  for (const field of filterFields) {
    const value = search[field];
    if (value !== undefined) filter[field] = value;
  }
  return filter;
}
