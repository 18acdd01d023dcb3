import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { explain } from '../api/problem';
import styles from './Listing.module.css';
import { Outcome } from './Outcome';

/** What is needed of a query to say how it stands. */
export interface Asked {
  isPending: boolean;
  isError: boolean;
  isFetching: boolean;
  error: unknown;
  refetch: () => unknown;
}

interface Props {
  of: Asked;
  /** As in "The rules cannot be shown". */
  what: string;
  /** Undefined while nothing was answered. */
  count: number | undefined;
  empty: { what: string; hint?: string; good?: boolean };
  children: ReactNode;
}

/**
 * A list, or which of the three states it is in instead. An answer that was there stays, whatever becomes of the next one, and says
 * that it is an old one.
 */
export function Listing({ of, what, count, empty, children }: Props) {
  if (of.isPending) return <Outcome state="loading" what={what} rows={6} />;
  if (count === undefined || (of.isError && count === 0))
    return <Outcome state="failed" what={what} error={of.error} onRetry={() => void of.refetch()} retrying={of.isFetching} />;
  if (count === 0) return <Outcome state="empty" {...empty} />;
  return (
    <>
      {of.isError && (
        <div className={styles.stale} role="status" data-testid="stale">
          Not up to date: {explain(of.error)}
          <Button size="compact-xs" variant="default" onClick={() => void of.refetch()} loading={of.isFetching}>
            Try again
          </Button>
        </div>
      )}
      {children}
    </>
  );
}
