import { Button, Code, CopyButton, Drawer, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './Detail.module.css';
import type { Asked } from './Listing';
import { Outcome } from './Outcome';
import { useFocusBack } from './useFocusBack';

/** What is known of one row, at the edge of the page. That it is open is in the address. */
export function Detail({ title, opened, onClose, children }: { title: string; opened: boolean; onClose: () => void; children: ReactNode }) {
  useFocusBack(opened);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      returnFocus={false}
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

interface OfProps<Thing> {
  /** As the drawer's title, and in "The alert cannot be shown". */
  title: string;
  opened: boolean;
  /** The question that it came with; what is not in its answer is missing. */
  of: Asked;
  thing: Thing | null | undefined;
  missing?: { what: string; hint?: string };
  onClose: () => void;
  children: (thing: Thing) => { head: ReactNode; sub?: ReactNode; body: ReactNode };
}

/** One thing at the edge of the page, or which of the three states it is in instead. */
export function DetailOf<Thing>({ title, opened, of, thing, missing, onClose, children }: OfProps<Thing>) {
  const what = `The ${title.toLowerCase()}`;
  const parts = thing === null || thing === undefined ? undefined : children(thing);
  return (
    <Detail title={title} opened={opened} onClose={onClose}>
      {parts ? (
        <div data-testid={`${title.toLowerCase()}-detail`}>
          <Text fw={600} size="lg" lh={1.3} mb={parts.sub ? 0 : 'md'} className={styles.title}>
            {parts.head}
          </Text>
          {parts.sub && (
            <Text size="sm" c="dimmed" mb="md">
              {parts.sub}
            </Text>
          )}
          {parts.body}
        </div>
      ) : of.isPending ? (
        <Outcome state="loading" what={what} rows={8} />
      ) : of.isError ? (
        <Outcome state="failed" what={what} error={of.error} onRetry={() => void of.refetch()} retrying={of.isFetching} />
      ) : (
        <Outcome state="empty" what={missing?.what ?? `${what} is not there`} {...(missing?.hint !== undefined && { hint: missing.hint })} />
      )}
    </Detail>
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
