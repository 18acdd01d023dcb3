import { Button, Code, CopyButton, Drawer, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './Detail.module.css';

/** What is known of one row, at the edge of the page. That it is open is in the address. */
export function Detail({ title, opened, onClose, children }: { title: string; opened: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="lg"
      classNames={{ content: styles.drawer ?? '', header: styles.drawer ?? '' }}
      title={<Text fw={600}>{title}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Drawer>
  );
}

export function Section({ title, actions, testId, children }: { title: string; actions?: ReactNode; testId?: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title} data-testid={testId}>
      <div className={styles.head}>
        <Text component="h3" fw={600} size="sm">
          {title}
        </Text>
        {actions}
      </div>
      {children}
    </section>
  );
}

export const Actions = ({ children }: { children: ReactNode }) => <div className={styles.actions}>{children}</div>;

/** JSON as it was sent, to read and to take along. */
export function Payload({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <Section
      title="Payload"
      actions={
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <Code block className={styles.code} tabIndex={0}>
        {text}
      </Code>
    </Section>
  );
}
