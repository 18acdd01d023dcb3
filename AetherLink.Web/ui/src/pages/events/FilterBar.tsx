import { MultiSelect } from '@mantine/core';
import { Time, Typed } from '../../components/fields';
import { Filters } from '../../components/Filters';
import { severityOrder } from '../../components/severity';
import { filterFields, type EventFilter } from './filter';

interface Props {
  filter: EventFilter;
  /** A person of one tenant has no other to choose. */
  tenant: string | null;
  /** The empty text takes the filter away. */
  onSet: (field: keyof EventFilter, value: string) => void;
  onClear: () => void;
}

export function FilterBar({ filter, tenant, onSet: set, onClear }: Props) {
  return (
    <Filters label="Filter the events" set={filterFields.filter((field) => filter[field] !== undefined).length} onClear={onClear}>
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
      <Typed label="Source" value={filter.source ?? ''} onChange={(value) => set('source', value)} />
      {tenant === null && <Typed label="Tenant" value={filter.tenant_id ?? ''} onChange={(value) => set('tenant_id', value)} />}
      <Typed label="Text in the payload" value={filter.text ?? ''} onChange={(value) => set('text', value)} testId="filter-text" />
      <Time label="Since" value={filter.since} onChange={(value) => set('since', value)} />
      <Time label="Until" value={filter.until} onChange={(value) => set('until', value)} />
    </Filters>
  );
}
