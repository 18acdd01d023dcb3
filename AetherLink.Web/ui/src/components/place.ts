import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Session } from '../api/types';

/** Where a person is: what the address says, who looks, and the way to change the address. */
export interface Place<Search extends object> {
  search: Search;
  session: Session;
  /** A person of one tenant has no other to choose. */
  tenant: string | null;
  /** Into the address; what is undefined goes out of it. */
  go: (change: { [Field in keyof Search]?: Search[Field] | undefined }) => void;
  /** Nothing else is in the address then. */
  only: (search: Search) => void;
}

export function usePlace<Search extends object>(session: Session): Place<Search> {
  const search = useSearch({ strict: false }) as unknown as Search;
  const navigate = useNavigate();
  return {
    search,
    session,
    tenant: session.tenant_id ?? null,
    go: (change) => void navigate({ to: '.', search: (before: object) => filled({ ...before, ...change }) }),
    only: (whole) => void navigate({ to: '.', search: () => filled(whole) }),
  };
}

const filled = (search: object): object =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''));

/** The named fields of an address, as texts: a number in it arrives as one. */
export function textsOf<Field extends string>(search: Record<string, unknown>, fields: readonly Field[]): { [Name in Field]?: string } {
  const read: { [Name in Field]?: string } = {};
  for (const field of fields) {
    const value = search[field];
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') read[field] = String(value);
  }
  return read;
}
