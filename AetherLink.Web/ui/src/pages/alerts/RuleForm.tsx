import { Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commandCenter, unwrap } from '../../api/client';
import { useDraft } from '../../components/draft';
import { FormEnd } from '../../components/FormEnd';
import { bodyOf, type RuleDraft } from './draft';
import { rulesKey } from './queries';
import { RuleFields } from './RuleFields';
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

export function RuleForm({ ruleId, templateId, begin, tenant, onClose, onSaved }: Props) {
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const form = useDraft(begin, error);
  const { draft, set, typed } = form;
  const save = useMutation({
    mutationFn: async () => {
      const body = bodyOf(draft);
      if (ruleId !== undefined) return unwrap(await commandCenter.PUT('/alerts/rules/{id}', { params: { path: { id: ruleId } }, body }));
      if (templateId !== undefined)
        return unwrap(await commandCenter.POST('/alerts/templates/{id}/materialize', { params: { path: { id: templateId } }, body }));
      return unwrap(await commandCenter.POST('/alerts/rules', { body }));
    },
    onMutate: () => form.sent(),
    onError: setError,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: rulesKey });
      onSaved();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
      noValidate
    >
      <Stack gap="sm" data-testid="rule-form">
        <TextInput label="Name" {...typed('name')} data-autofocus data-testid="rule-name" />
        <RuleFields form={form} tenant={tenant} />
        <Switch label="On" checked={draft.enabled} onChange={(event) => set('enabled')(event.currentTarget.checked)} />
        <RulePreview draft={draft} />
        <FormEnd action={ruleId === undefined ? 'Make the rule' : 'Save'} pending={save.isPending} error={form.failed ? error : null} onClose={onClose} testId="rule-save" />
      </Stack>
    </form>
  );
}
