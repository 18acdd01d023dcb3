import { Button, MultiSelect, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { filterFields, isNarrow, severityOrder, type EventFilter } from './filter';
import styles from './EventsPage.module.css';

interface Props {
  filter: EventFilter;
  /** A person of one tenant has no other to choose. */
  tenant: string | null;
  /** The empty text takes the filter away. */
  onSet: (field: keyof EventFilter, value: string) => void;
  onClear: () => void;
}

/** Typing is not a question yet: what is written counts when it has rested this long, or on Enter. */
const restMs = 400;

export function FilterBar({ filter, tenant, onSet: set, onClear }: Props) {
  return (
    <div className={styles.filters} role="search" aria-label="Filter the events">
      <MultiSelect
        size="xs"
        label="Severity"
        placeholder={filter.severity ? '' : 'any'}
        data={[...severityOrder]}
        value={filter.severity?.split(',') ?? []}
        onChange={(chosen) => set('severity', chosen.join(','))}
        clearable
        data-testid="filter-severity"
      />
      <Typed label="Type" placeholder="lead.created, …" value={filter.event_type ?? ''} onChange={(value) => set('event_type', value)} />
      <Typed label="Source" placeholder="any" value={filter.source ?? ''} onChange={(value) => set('source', value)} />
      {tenant === null && <Typed label="Tenant" placeholder="any" value={filter.tenant_id ?? ''} onChange={(value) => set('tenant_id', value)} />}
      <Typed label="Text in the payload" placeholder="any" value={filter.text ?? ''} onChange={(value) => set('text', value)} testId="filter-text" />
      <Time label="Since" value={filter.since} onChange={(value) => set('since', value)} />
      <Time label="Until" value={filter.until} onChange={(value) => set('until', value)} />
      {isNarrow(filter) && (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconX size={14} stroke={1.8} />}
          onClick={onClear}
          className={styles.clear}
          data-testid="filter-clear"
        >
          Clear {filterFields.filter((field) => filter[field] !== undefined).length}
        </Button>
      )}
    </div>
  );
}

function Typed({ label, placeholder, value, onChange, testId }: {
  label: string;
  placeholder: string;
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
function Time({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string) => void }) {
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      label={label}
      value={toLocal(value)}
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
