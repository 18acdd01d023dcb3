import type { ReactNode } from 'react';
import styles from './Badge.module.css';

export type Meaning = 'good' | 'attention' | 'bad' | 'neutral';

/** A word with a colour of meaning; never the colour alone. */
export function Badge({ meaning, children }: { meaning: Meaning; children: ReactNode }) {
  return (
    <span className={styles.badge} data-meaning={meaning}>
      {children}
    </span>
  );
}

/** A dot beside a word that already says the same. */
export function Dot({ meaning, pulse = false }: { meaning: Meaning; pulse?: boolean }) {
  return <span className={styles.dot} data-meaning={meaning} data-pulse={pulse || undefined} aria-hidden />;
}
