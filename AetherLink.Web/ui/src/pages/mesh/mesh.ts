import type { MeshHealth, Reconciliation, ServiceEntry, ServiceHealth } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import { textsOf } from '../../components/place';

export interface MeshSearch {
  /** A part of a name. */
  name?: string;
  status?: string;
  /** The service that is open at the edge. */
  service?: string;
  /** What is looked for among its endpoints. */
  part?: string;
}

export const readSearch = (search: Record<string, unknown>): MeshSearch => textsOf(search, ['name', 'status', 'service', 'part']);

export const statuses = ['up', 'degraded', 'down', 'unknown'] as const;

export const meaningOfStatus = (status: string): Meaning =>
  status === 'up' ? 'good' : status === 'down' || status === 'unhealthy' ? 'bad' : status === 'unknown' ? 'neutral' : 'attention';

/** A service by all that is known of it: the catalogue, its health, and who looks after it. */
export interface Known {
  entry: ServiceEntry;
  health: ServiceHealth | undefined;
  monitored: boolean | undefined;
  healed: boolean | null | undefined;
}

export function join(entries: readonly ServiceEntry[], health: MeshHealth | undefined, reconciled: Reconciliation | undefined): Known[] {
  const seen = new Map(reconciled?.services.map((service) => [service.name, service]));
  return entries.map((entry) => ({
    entry,
    health: health?.services[entry.name],
    monitored: seen.get(entry.name)?.monitored,
    healed: seen.get(entry.name)?.healed,
  }));
}

const worth: Record<Meaning, number> = { bad: 0, attention: 1, neutral: 2, good: 3 };

export const statusOf = ({ health }: Known): string => health?.status ?? 'unknown';

export const narrow = (services: readonly Known[], { name, status }: MeshSearch): Known[] =>
  services
    .filter((known) => (name === undefined || known.entry.name.includes(name.toLowerCase())) && (status === undefined || statusOf(known) === status))
    .sort((one, other) => worth[meaningOfStatus(statusOf(one))] - worth[meaningOfStatus(statusOf(other))] || one.entry.name.localeCompare(other.entry.name));

export const careOf = ({ monitored, healed }: Known): string =>
  monitored === undefined ? '' : `${monitored ? 'monitored' : 'not monitored'}${healed === true ? ', healed' : healed === false ? ', not healed' : ''}`;

/** A link that a browser may follow; anything else is text. */
export const isWeb = (url: string): boolean => /^https?:\/\//i.test(url);
