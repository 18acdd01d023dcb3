import { Input, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect } from 'react';
import styles from './fields.module.css';
import { useAhead } from './useAhead';

/** Typing is not a question yet: what is written counts when it has rested this long, or on Enter. */
const restMs = 400;

export function Typed({ label, name, placeholder = 'any', value, onChange, testId }: {
  label?: string;
  /** Where there is no room for a label. */
  name?: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  testId?: string;
}) {
  const { text: typed, setText: setTyped, ask } = useAhead(value, onChange);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => ask(typed.trim()), restMs);
    return () => clearTimeout(timer);
    // Only what is typed, and what has come of it, starts the time anew.
  }, [typed, value]);
  return (
    <TextInput
      size="xs"
      label={label}
      aria-label={name}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && ask(typed.trim())}
      data-testid={testId}
    />
  );
}

/** One of a few words, under a label as its neighbours have it. */
export function Choice<Value extends string>({ label, data, value, onChange, testId }: {
  label: string;
  data: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
  testId?: string;
}) {
  return (
    <Input.Wrapper size="xs" label={label} labelElement="div" className={styles.choice}>
      <SegmentedControl size="xs" aria-label={label} data={[...data]} value={value} onChange={(chosen) => onChange(chosen as Value)} data-testid={testId} />
    </Input.Wrapper>
  );
}

/** Local for the person, UTC in the address. */
export function Time({ label, value, onChange, error, size = 'xs' }: {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
  error?: string | undefined;
  size?: 'xs' | 'sm';
}) {
  return (
    <TextInput
      size={size}
      type="datetime-local"
      label={label}
      value={toLocal(value)}
      error={error}
      onChange={(event) => {
        const time = new Date(event.currentTarget.value);
        onChange(Number.isNaN(time.getTime()) ? '' : time.toISOString());
      }}
    />
  );
}

function toLocal(iso: string | undefined): string {
  const time = new Date(iso ?? '');
  if (Number.isNaN(time.getTime())) return '';
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}T${pad(time.getHours())}:${pad(time.getMinutes())}`;
}
