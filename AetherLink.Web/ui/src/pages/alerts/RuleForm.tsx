import { Switch, TextInput } from '@mantine/core';
import { commandCenter, unwrap } from '../../api/client';
import { DraftForm } from '../../components/DraftForm';
import { useSaved } from '../../components/useSaved';
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
  const { form, sending } = useSaved({
    begin,
    queryKey: rulesKey,
    onSaved,
    send: async (draft) => {
      const body = bodyOf(draft);
      if (ruleId !== undefined) return unwrap(await commandCenter.PUT('/alerts/rules/{id}', { params: { path: { id: ruleId } }, body }));
      if (templateId !== undefined)
        return unwrap(await commandCenter.POST('/alerts/templates/{id}/materialize', { params: { path: { id: templateId } }, body }));
      return unwrap(await commandCenter.POST('/alerts/rules', { body }));
    },
  });
  return (
    <DraftForm name="rule" action={ruleId === undefined ? 'Make the rule' : 'Save'} {...sending} onClose={onClose}>
      <TextInput label="Name" {...form.typed('name')} data-autofocus data-testid="rule-name" />
      <RuleFields form={form} tenant={tenant} />
      <Switch label="On" checked={form.draft.enabled} onChange={(event) => form.set('enabled')(event.currentTarget.checked)} />
      <RulePreview draft={form.draft} />
    </DraftForm>
  );
}
