import { Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commandCenter, unwrap } from '../../api/client';
import { useDraft } from '../../components/draft';
import { FormEnd } from '../../components/FormEnd';
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
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const form = useDraft(begin, error, (field) => (own.includes(field) ? field : `rule.${field}`));
  const save = useMutation({
    mutationFn: async () => {
      const body = templateBodyOf(form.draft);
      return templateId === undefined
        ? unwrap(await commandCenter.POST('/alerts/templates', { body }))
        : unwrap(await commandCenter.PUT('/alerts/templates/{id}', { params: { path: { id: templateId } }, body }));
    },
    onMutate: () => form.sent(),
    onError: setError,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: templatesKey });
      onClose();
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
      <Stack gap="sm" data-testid="template-form">
        <TextInput label="Name" {...form.typed('name')} data-autofocus data-testid="template-name" />
        <Textarea label="What it is for" autosize minRows={2} {...form.typed('description')} />
        <RuleFields form={form} tenant={tenant} />
        <FormEnd action={templateId === undefined ? 'Make the template' : 'Save'} pending={save.isPending} error={form.failed ? error : null} onClose={onClose} testId="template-save" />
      </Stack>
    </form>
  );
}
