import type { ReactNode } from 'react';
import styles from './Table.module.css';

export interface TableRow {
  key: string;
  head: ReactNode;
  cells: readonly ReactNode[];
}

/** Figures in rows; what is wider than the screen is pushed aside, by keys too. */
export function Table({ caption, heads, rows }: { caption: string; heads: readonly string[]; rows: readonly TableRow[] }) {
  return (
    <div className={styles.table} tabIndex={0} role="group" aria-label={caption}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, head, cells }) => (
            <tr key={key}>
              <th scope="row">{head}</th>
              {cells.map((cell, index) => (
                <td key={heads[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
