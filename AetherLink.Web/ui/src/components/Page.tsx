import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './Page.module.css';

export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        {actions}
      </div>
      {children}
    </div>
  );
}

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The way to what is older than the rows that are shown. */
export function Older({ of, what }: { of: Paged; what: string }) {
  if (!of.hasNextPage) return null;
  return (
    <div className={styles.more}>
      <Button size="xs" variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
        Older {what}
      </Button>
    </div>
  );
}
