import { clockWithSeconds } from './clock';

/** What began and ended. */
export interface Interval {
  what: string;
  from: number;
  /** Undefined while it goes on. */
  to: number | undefined;
}

/** What happened at once. */
export interface Mark {
  at: number;
  what: string;
  good: boolean;
}

export interface Lane {
  name: string;
  /** As one thing of it is called in the table. */
  one: string;
  /** A colour of meaning: of what is long, and of marks that are good. */
  colour: 'good' | 'attention' | 'bad' | 'neutral' | 'accent';
  intervals?: readonly Interval[];
  marks?: readonly Mark[];
  /** Lanes of marks are told apart by more than their colour. */
  symbol?: 'circle' | 'triangle' | 'roundRect';
}

/** The same in words, the newest first. */
export function rowsOf(lanes: readonly Lane[]) {
  const all = lanes.flatMap(({ one, intervals = [], marks = [] }) => [
    ...intervals.map(({ what, from, to }) => ({ at: from, what: `${one}: ${what}`, cells: [clockWithSeconds(from), to === undefined ? 'goes on' : clockWithSeconds(to)] })),
    ...marks.map(({ what, at }) => ({ at, what: `${one}: ${what}`, cells: [clockWithSeconds(at), ''] })),
  ]);
  return all.sort((a, b) => b.at - a.at).map(({ at, what, cells }, index) => ({ key: `${at} ${index}`, head: what, cells }));
}

export const many = (count: number, one: string, more = `${one}s`): string => `${count.toLocaleString()} ${count === 1 ? one : more}`;
