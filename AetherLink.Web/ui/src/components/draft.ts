import { useState } from 'react';
import { fieldErrors } from '../api/problem';

/** What is typed into a form, and what the server said of it: what was changed since is not known to be wrong any more. */
export function useDraft<Draft extends object>(begin: Draft, error: unknown, wireName: (field: keyof Draft & string) => string = (field) => field) {
  const [draft, setDraft] = useState(begin);
  const [changed, setChanged] = useState<readonly string[]>([]);
  const named = fieldErrors(error);
  const wrong: Partial<Record<string, string>> = Object.fromEntries(Object.entries(named).filter(([field]) => !changed.includes(field)));
  const set = <Field extends keyof Draft & string>(field: Field) => (value: Draft[Field]) => {
    setDraft((before) => ({ ...before, [field]: value }));
    setChanged((before) => [...before, wireName(field)]);
  };
  return {
    draft,
    wrong,
    set,
    /** For a field of text: its value, its change and its fault. */
    typed: <Field extends { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft] & string>(field: Field) => ({
      value: draft[field] as string,
      onChange: (event: { currentTarget: { value: string } }) => set(field)(event.currentTarget.value as Draft[Field]),
      error: wrong[wireName(field)],
    }),
    /** Sent again: what was wrong is wrong until the answer. */
    sent: () => setChanged([]),
    /** It failed, and no field is to blame. */
    failed: error !== null && error !== undefined && Object.keys(named).length === 0,
  };
}

/** A number as it is typed. Where it is none it is left out, so that the server names the field. */
export function numberOf(text: string): number {
  // The wire has no other way to say that there is none.
  return text.trim() === '' || Number.isNaN(Number(text)) ? (undefined as unknown as number) : Number(text);
}

export const orNull = (text: string): string | null => text.trim() || null;
