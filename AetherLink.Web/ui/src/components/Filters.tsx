import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './Filters.module.css';

/** The filters of a list. They live in the address; what is set can be taken away at once. */
export function Filters({ label, set, onClear, children }: { label: string; set: number; onClear: () => void; children: ReactNode }) {
  return (
    <div className={styles.filters} role="search" aria-label={label}>
      {children}
      {set > 0 && (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconX size={14} stroke={1.8} />}
          onClick={onClear}
          className={styles.clear}
          data-testid="filter-clear"
        >
          Clear {set}
        </Button>
      )}
    </div>
  );
}
