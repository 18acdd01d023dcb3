import type { ReactNode } from 'react';
import type { Meaning } from './Badge';
import styles from './Rows.module.css';

export const Rows = ({ label, children }: { label: string; children: ReactNode }) => (
  <ul className={styles.list} aria-label={label}>
    {children}
  </ul>
);

interface Props {
  /** What stands first: a state, a time, a box to tick. */
  lead?: ReactNode;
  title: ReactNode;
  /** Given, the title is a button that opens the row. */
  onOpen?: () => void;
  subs: readonly ReactNode[];
  /** State and buttons. */
  end?: ReactNode;
  meaning?: Meaning | undefined;
  testId?: string;
}

/** What a list shows of one thing. */
export function Row({ lead, title, onOpen, subs, end, meaning, testId }: Props) {
  return (
    <li data-testid={testId}>
      <div className={styles.row} data-meaning={meaning}>
        <div className={styles.lead}>{lead}</div>
        <div className={styles.what}>
          {onOpen ? (
            <button type="button" className={styles.open} onClick={onOpen}>
              {title}
            </button>
          ) : (
            <span className={styles.name}>{title}</span>
          )}
          {subs.map((sub, index) => sub && (
            <span key={index} className={styles.sub}>
              {sub}
            </span>
          ))}
        </div>
        <div className={styles.end}>{end}</div>
      </div>
    </li>
  );
}
