import { Button, Group, Text } from '@mantine/core';
import { explain } from '../api/problem';

interface Props {
  action: string;
  pending: boolean;
  /** What failed without a field that is to blame. */
  error: unknown;
  onClose: () => void;
  testId: string;
}

/** How a form ends: what went wrong, the way out, and the way on. */
export function FormEnd({ action, pending, error, onClose, testId }: Props) {
  return (
    <>
      {error !== null && error !== undefined && (
        <Text size="sm" c="var(--bad)" role="alert">
          {explain(error)}
        </Text>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={pending} data-testid={testId}>
          {action}
        </Button>
      </Group>
    </>
  );
}
