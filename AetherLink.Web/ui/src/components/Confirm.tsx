import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { explain } from '../api/problem';

interface Props {
  opened: boolean;
  title: string;
  /** What will have happened afterwards. */
  children: ReactNode;
  action: string;
  danger?: boolean;
  disabled?: boolean;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before what cannot be undone. */
export function Confirm({ opened, title, children, action, danger = false, disabled = false, pending, error, onConfirm, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>{title}</Text>} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        <Stack gap="md">
          {children}
          {error !== null && error !== undefined && (
            <Text size="sm" c="var(--bad)" role="alert">
              {explain(error)}
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" {...(danger && { color: 'red.9' })} loading={pending} disabled={disabled} data-testid="confirm">
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
