import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { FormEnd } from './FormEnd';

interface Props {
  /** What of it tests look for: `rule` for `rule-form` and `rule-save`. */
  name: string;
  /** As its button says. */
  action: string;
  pending: boolean;
  /** What failed without a field that is to blame. */
  error: unknown;
  onSend: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form over a draft. The server alone judges it, and what it says of a field stands there. */
export function DraftForm({ name, action, pending, error, onSend, onClose, children }: Props) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
      noValidate
    >
      <Stack gap="sm" data-testid={`${name}-form`}>
        {children}
        <FormEnd action={action} pending={pending} error={error} onClose={onClose} testId={`${name}-save`} />
      </Stack>
    </form>
  );
}
