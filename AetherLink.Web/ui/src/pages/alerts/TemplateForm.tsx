import { Textarea, TextInput } from '@mantine/core';
import { commandCenter, unwrap } from '../../api/client';
import { DraftForm } from '../../components/DraftForm';
import { useSaved } from '../../components/useSaved';
import { templateBodyOf, type RuleDraft } from './draft';
import { templatesKey } from './queries';
import { RuleFields } from './RuleFields';

interface Props {
  /** Undefined for a new one. */
  templateId: string | undefined;
  begin: RuleDraft;
  tenant: string | null;
  onClose: () => void;
}

/** Fields that are of the template itself; the others are of its rule, and named so by the server. */
const own = ['name', 'description', 'tenant_id'];

export function TemplateForm({ templateId, begin, tenant, onClose }: Props) {
  const { form, sending } = useSaved({
    begin,
    queryKey: templatesKey,
    onSaved: onClose,
    wireName: (field) => (own.includes(field) ? field : `rule.${field}`),
    send: async (draft) => {
      const body = templateBodyOf(draft);
      return templateId === undefined
        ? unwrap(await commandCenter.POST('/alerts/templates', { body }))
        : unwrap(await commandCenter.PUT('/alerts/templates/{id}', { params: { path: { id: templateId } }, body }));
    },
  });
  return (
    <DraftForm name="template" action={templateId === undefined ? 'Make the template' : 'Save'} {...sending} onClose={onClose}>
      <TextInput label="Name" {...form.typed('name')} data-autofocus data-testid="template-name" />
      <Textarea label="What it is for" autosize minRows={2} {...form.typed('description')} />
      <RuleFields form={form} tenant={tenant} />
    </DraftForm>
  );
}
