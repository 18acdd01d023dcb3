import { Button, Group, MultiSelect, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commandCenter, unwrap } from '../../api/client';
import { explain, fieldErrors } from '../../api/problem';
import type { Severity } from '../../api/types';
import { severityOrder } from '../../components/severity';
import { bodyOf, type RuleDraft } from './draft';
import { eventTypesQuery, rulesKey } from './queries';
import { RulePreview } from './RulePreview';

interface Props {
  /** Undefined for a new one. */
  ruleId: string | undefined;
  templateId: string | undefined;
  begin: RuleDraft;
  tenant: string | null;
  onClose: () => void;
  onSaved: () => void;
}

const windows = ['60', '300', '600', '1800', '3600', '21600', '86400'];

export function RuleForm({ ruleId, templateId, begin, tenant, onClose, onSaved }: Props) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(begin);
  const types = useQuery(eventTypesQuery);
  const save = useMutation({
    mutationFn: async () => {
      const body = bodyOf(draft);
      if (ruleId !== undefined) return unwrap(await commandCenter.PUT('/alerts/rules/{id}', { params: { path: { id: ruleId } }, body }));
      if (templateId !== undefined)
        return unwrap(await commandCenter.POST('/alerts/templates/{id}/materialize', { params: { path: { id: templateId } }, body }));
      return unwrap(await commandCenter.POST('/alerts/rules', { body }));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: rulesKey });
      onSaved();
    },
  });
  // What was changed since it was refused is not known to be wrong any more.
  const [changed, setChanged] = useState<readonly string[]>([]);
  const wrong = Object.fromEntries(Object.entries(fieldErrors(save.error)).filter(([field]) => !changed.includes(field)));
  const set = <Field extends keyof RuleDraft>(field: Field) => (value: RuleDraft[Field]) => {
    setDraft((before) => ({ ...before, [field]: value }));
    setChanged((before) => [...before, field === 'window' ? 'window_seconds' : field]);
  };
  const typed = (field: 'name' | 'threshold' | 'window' | 'source' | 'group_by' | 'tenant_id') => ({
    value: draft[field],
    onChange: (event: { currentTarget: { value: string } }) => set(field)(event.currentTarget.value),
  });

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setChanged([]);
        save.mutate();
      }}
      noValidate
    >
      <Stack gap="sm" data-testid="rule-form">
        <TextInput label="Name" {...typed('name')} error={wrong.name} data-autofocus data-testid="rule-name" />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput label="Fires at" description="events" inputMode="numeric" {...typed('threshold')} error={wrong.threshold} data-testid="rule-threshold" />
          <TextInput label="Within" description="seconds" inputMode="numeric" list="rule-windows" {...typed('window')} error={wrong.window_seconds} />
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
          <TextInput label="From the source" placeholder="any" {...typed('source')} error={wrong.source} />
          <TextInput label="Counted for each" placeholder="payload.name, source, …" {...typed('group_by')} error={wrong.group_by} />
          <Select
            label="The alert is" data={[...severityOrder]} value={draft.alert_severity} allowDeselect={false}
            onChange={(value) => set('alert_severity')((value ?? 'critical') as Severity)} error={wrong.alert_severity}
          />
          {tenant === null && <TextInput label="Tenant" placeholder="each by itself" {...typed('tenant_id')} error={wrong.tenant_id} />}
        </SimpleGrid>
        <Switch label="On" checked={draft.enabled} onChange={(event) => set('enabled')(event.currentTarget.checked)} />
        <RulePreview draft={draft} />
        {save.isError && Object.keys(fieldErrors(save.error)).length === 0 && (
          <Text size="sm" c="var(--bad)" role="alert">
            {explain(save.error)}
          </Text>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={save.isPending} data-testid="rule-save">
            {ruleId === undefined ? 'Make the rule' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
