import type { OpsEvent } from '../../api/types';

/** What the page is narrowed to; every field is in the address. */
export interface EventFilter {
  event_type?: string;
  severity?: string;
  source?: string;
  tenant_id?: string;
  text?: string;
  trace_id?: string;
  /** ISO 8601, of the time of receipt. */
  since?: string;
  until?: string;
}

export const filterFields = ['event_type', 'severity', 'source', 'tenant_id', 'text', 'trace_id', 'since', 'until'] as const;

/** From the address: only text, and nothing that is empty. */
export function readFilter(search: Record<string, unknown>): EventFilter {
  const filter: EventFilter = {};
  for (const field of filterFields) {
    const value = search[field];
    // A number in the address arrives as one.
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') filter[field] = String(value);
  }
  return filter;
}

export const isNarrow = (filter: EventFilter): boolean => filterFields.some((field) => filter[field] !== undefined);

/**
 * Whether a live event belongs to what is shown: the server's own rule, as far as it matters here. With an end there is nothing
 * live: what arrives now is after it.
 */
export function matches(filter: EventFilter, event: OpsEvent): boolean {
  if (filter.until !== undefined) return false;
  if (filter.event_type !== undefined && !list(filter.event_type).includes(event.event_type)) return false;
  if (filter.severity !== undefined && !list(filter.severity).includes(event.severity)) return false;
  if (filter.source !== undefined && event.source !== filter.source) return false;
  if (filter.tenant_id !== undefined && event.tenant_id !== filter.tenant_id) return false;
  if (filter.trace_id !== undefined && event.trace_id !== filter.trace_id.toLowerCase()) return false;
  if (filter.text !== undefined && !JSON.stringify(event.payload).toLowerCase().includes(filter.text.toLowerCase())) return false;
  return true;
}

const list = (text: string): string[] => text.split(',').map((word) => word.trim());
