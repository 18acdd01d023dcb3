import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

/** Typing is not a question yet: what is written counts when it has rested this long, or on Enter. */
const restMs = 400;

export function Typed({ label, placeholder = 'any', value, onChange, testId }: {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  testId?: string;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), restMs);
    return () => clearTimeout(timer);
    // Only what is typed starts the time anew.
  }, [typed]);
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && onChange(typed.trim())}
      data-testid={testId}
    />
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
