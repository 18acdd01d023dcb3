import type { AuditEntry, AuditVerification } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import { textsOf } from '../../components/place';

/** What the entries are narrowed to; the names are the API's. */
export interface AuditFilter {
  actor?: string;
  action?: string;
  target?: string;
  tenant_id?: string;
  /** ISO 8601. */
  since?: string;
  until?: string;
}

export interface AuditSearch extends AuditFilter {
  /** The entry that is open at the edge, by its number. */
  entry?: string;
}

export const filterFields = ['actor', 'action', 'target', 'tenant_id', 'since', 'until'] as const;

export const readSearch = (search: Record<string, unknown>): AuditSearch => textsOf(search, [...filterFields, 'entry']);

export const filterOf = (search: AuditSearch): AuditFilter => textsOf({ ...search }, filterFields);

/** As in "alert rule created". */
export const wordOfAction = (action: string): string => action.replaceAll('_', ' ').replace('.', ' ');

const gone = ['deleted', 'unregistered', 'ended', 'reset'];
const made = ['created', 'registered', 'opened'];

export function meaningOfAction(action: string): Meaning {
  const what = action.split('.').at(-1) ?? '';
  return gone.includes(what) ? 'bad' : made.includes(what) ? 'good' : 'neutral';
}

export interface Difference {
  field: string;
  before: string;
  after: string;
}

/** The fields that are not the same before and after; of what was made or deleted, all that it has. */
export function differences({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Difference[] {
  const [one, other] = [flat(before), flat(after)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .map((field) => ({ field, before: one.get(field) ?? '–', after: other.get(field) ?? '–' }))
    .filter((difference) => difference.before !== difference.after);
}

function flat(value: unknown): Map<string, string> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) return new Map([['value', said(value)]]);
  return new Map(Object.entries(value).map(([field, inner]) => [field, said(inner)]));
}

const said = (value: unknown): string =>
  value === null || value === undefined || value === '' ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

export function verdictOf({ status, checked, first_broken, last_sequence }: AuditVerification): { meaning: Meaning; sentence: string } {
  if (status === 'intact') return { meaning: 'good', sentence: `Intact: ${checked.toLocaleString()} entries hold, up to number ${last_sequence.toLocaleString()}` };
  return {
    meaning: 'bad',
    sentence: first_broken ? `Broken at entry ${first_broken.seq.toLocaleString()}: ${first_broken.reason}` : `The chain is ${status}`,
  };
}
