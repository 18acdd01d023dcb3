import { Group, Text } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import styles from './Panel.module.css';

interface Props {
  title: string;
  /** A word beside the title: how many, since when. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Panel({ title, note, actions, children, className }: Props) {
  const heading = useId();
  return (
    <section className={`${styles.panel} ${className ?? ''}`} aria-labelledby={heading}>
      <header className={styles.head}>
        <div className={styles.title}>
          <Text component="h2" id={heading} fw={600} size="sm">
            {title}
          </Text>
          {note !== undefined && (
            <Text size="xs" c="dimmed" truncate>
              {note}
            </Text>
          )}
        </div>
        {actions && (
          <Group gap={6} wrap="nowrap">
            {actions}
          </Group>
        )}
      </header>
      {children}
    </section>
  );
}
