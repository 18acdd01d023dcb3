import type { ServiceHealth } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import { isDown } from './state';

export const meaningOfStatus = (status: string): Meaning =>
  status === 'up' ? 'good' : isDown(status) ? 'bad' : status === 'unknown' ? 'neutral' : 'attention';

export type Service = readonly [name: string, health: ServiceHealth];

const worth: Record<Meaning, number> = { bad: 0, attention: 1, neutral: 2, good: 3 };

export interface Narrowed {
  /** A part of a name. */
  service?: string | undefined;
  status?: string | undefined;
}

/** Names of services are ASCII; by a locale it takes many times as long. */
const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** By what is wrong first, then by name. */
export const narrow = (services: Readonly<Record<string, ServiceHealth>>, { service, status }: Narrowed): Service[] =>
  Object.entries(services)
    .filter(([name, health]) => (service === undefined || name.includes(service.toLowerCase())) && (status === undefined || health.status === status))
    .sort(([oneName, one], [otherName, other]) => worth[meaningOfStatus(one.status)] - worth[meaningOfStatus(other.status)] || inOrder(oneName, otherName));

/** `tall`: there is a line more to be read, of what is wrong. */
export type GridRow = { head: string; count: number } | { cards: readonly Service[]; tall: boolean };

/** Rows of so many cards, each group with a heading: what is down, what is not quite up, what is up. */
export function rowsOf(services: readonly Service[], columns: number): GridRow[] {
  const groups = new Map<string, Service[]>();
  for (const service of services) {
    const group = groups.get(service[1].status);
    if (group) group.push(service);
    else groups.set(service[1].status, [service]);
  }
  const rows: GridRow[] = [];
  for (const [head, group] of groups) {
    rows.push({ head, count: group.length });
    for (let start = 0; start < group.length; start += columns) {
      const cards = group.slice(start, start + columns);
      rows.push({ cards, tall: cards.some(([, { error }]) => error) });
    }
  }
  return rows;
}
