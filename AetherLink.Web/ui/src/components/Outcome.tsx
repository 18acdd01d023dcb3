import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInbox } from '@tabler/icons-react';
import { explain } from '../api/problem';
import styles from './Outcome.module.css';

type Props =
  | { state: 'loading'; what: string; rows?: number }
  | { state: 'empty'; what: string; hint?: string; good?: boolean }
  | { state: 'failed'; what: string; error: unknown; onRetry?: () => void; retrying?: boolean };

/** The three states in which there is nothing to show. Every list and every page says them the same way. */
export function Outcome(props: Props) {
  if (props.state === 'loading') {
    return (
      <Stack gap={10} p="md" role="status" aria-label={`${props.what} loading`}>
        {Array.from({ length: props.rows ?? 4 }, (_, row) => (
          <Skeleton key={row} height={14} width={`${92 - (row % 3) * 14}%`} radius="sm" />
        ))}
      </Stack>
    );
  }
  if (props.state === 'empty') {
    const Icon = props.good ? IconCircleCheck : IconInbox;
    return (
      <div className={styles.frame} data-good={props.good}>
        <Icon size={22} stroke={1.5} className={styles.icon} aria-hidden />
        <Text fw={500} size="sm">
          {props.what}
        </Text>
        {props.hint && (
          <Text size="xs" c="dimmed" maw={340}>
            {props.hint}
          </Text>
        )}
      </div>
    );
  }
  return (
    <div className={styles.frame} role="alert" data-failed>
      <IconAlertTriangle size={22} stroke={1.5} className={styles.icon} aria-hidden />
      <Text fw={500} size="sm">
        {props.what} cannot be shown
      </Text>
      <Text size="xs" c="dimmed" maw={420}>
        {explain(props.error)}
      </Text>
      {props.onRetry && (
        <Button variant="default" size="compact-sm" mt={6} onClick={props.onRetry} loading={props.retrying ?? false}>
          Try again
        </Button>
      )}
    </div>
  );
}
