import { MultiSelect, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Severity } from '../../api/types';
import type { useDraft } from '../../components/draft';
import { severityOrder } from '../../components/severity';
import type { RuleDraft } from './draft';
import { eventTypesQuery } from './queries';

const windows = ['60', '300', '600', '1800', '3600', '21600', '86400'];

/** What a rule counts, and what comes of it: of a rule and of a template. */
export function RuleFields({ form: { draft, wrong, set, typed }, tenant }: { form: ReturnType<typeof useDraft<RuleDraft>>; tenant: string | null }) {
  const types = useQuery(eventTypesQuery);
  return (
    <>
      <SimpleGrid cols={2} spacing="sm">
        <TextInput label="Fires at" description="events" inputMode="numeric" {...typed('threshold')} data-testid="rule-threshold" />
        <TextInput label="Within" description="seconds" inputMode="numeric" list="rule-windows" {...typed('window_seconds')} />
        <datalist id="rule-windows">
          {windows.map((seconds) => (
            <option key={seconds} value={seconds} />
          ))}
        </datalist>
      </SimpleGrid>
      <MultiSelect
        label="Of the types" placeholder={draft.event_type.length > 0 ? '' : 'all but those about alerts'} searchable clearable
        data={[...new Set([...(types.data ?? []), ...draft.event_type])]} value={draft.event_type} onChange={set('event_type')}
        error={wrong.event_type}
      />
      <SimpleGrid cols={2} spacing="sm">
        <MultiSelect
          label="Of the severities" placeholder={draft.severity.length > 0 ? '' : 'all'} clearable data={[...severityOrder]}
          value={draft.severity} onChange={set('severity')} error={wrong.severity}
        />
        <TextInput label="From the source" placeholder="any" {...typed('source')} />
        <TextInput label="Counted for each" placeholder="payload.name, source, …" {...typed('group_by')} />
        <Select
          label="The alert is" data={[...severityOrder]} value={draft.alert_severity} allowDeselect={false}
          onChange={(value) => set('alert_severity')((value ?? 'critical') as Severity)} error={wrong.alert_severity}
        />
        {tenant === null && <TextInput label="Tenant" placeholder="each by itself" {...typed('tenant_id')} />}
      </SimpleGrid>
    </>
  );
}
