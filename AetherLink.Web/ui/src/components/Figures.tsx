import type { Meaning } from './Badge';
import styles from './Figures.module.css';

export interface Figure {
  name: string;
  value: string;
  note?: string | undefined;
  meaning?: Meaning | undefined;
}

/** The few numbers that say how it stands; a dash while they are not known. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className={styles.figures}>
      {figures.map(({ name, value, note, meaning }) => (
        <div key={name} className={styles.figure} data-meaning={meaning} data-testid={`figure-${name.toLowerCase().replaceAll(' ', '-')}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {note && <dd className={styles.note}>{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
