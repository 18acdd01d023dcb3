import { Alert, Button, Code, CopyButton, Group, Select, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Webhook } from '../../api/types';
import { DraftForm } from '../../components/DraftForm';
import { severityOrder } from '../../components/severity';
import { useSaved } from '../../components/useSaved';
import { deliveriesKey } from '../../live/askAgain';
import { eventTypesQuery } from '../alerts/queries';
import { bodyOf, draftOf, kinds } from './endpoint';
import { saveWebhook } from './endpoints';

interface Props {
  /** Undefined for a new one. */
  webhook: Webhook | undefined;
  tenant: string | null;
  onClose: () => void;
}

export function EndpointForm({ webhook, tenant, onClose }: Props) {
  const [secret, setSecret] = useState<string>();
  const { form, sending } = useSaved({
    begin: draftOf(webhook),
    queryKey: deliveriesKey,
    send: (draft) => saveWebhook(webhook?.id, bodyOf(draft)),
    onSaved: (made) => (made.secret === null ? onClose() : setSecret(made.secret)),
  });
  const { draft, wrong, set, typed } = form;
  const types = useQuery(eventTypesQuery);
  if (secret !== undefined) return <Secret value={secret} onClose={onClose} />;
  return (
    <DraftForm name="endpoint" action={webhook === undefined ? 'Make the endpoint' : 'Save'} {...sending} onClose={onClose}>
      <TextInput
        label="URL" placeholder={webhook?.url ?? 'https://'} {...(webhook && { description: 'Left empty, it stays as it is: it is shown masked, since it may hold a secret.' })}
        {...typed('url')} data-autofocus data-testid="endpoint-url"
      />
      <SimpleGrid cols={2} spacing="sm">
        <Select label="Kind" placeholder="guessed from the URL" clearable data={[...kinds]} value={draft.kind || null} onChange={(kind) => set('kind')(kind ?? '')} error={wrong.kind} />
        <Select
          label="Severity at least" data={[...severityOrder]} value={draft.severity} allowDeselect={false}
          onChange={(severity) => set('severity')(severity ?? 'info')} error={wrong.severity}
        />
      </SimpleGrid>
      <TagsInput
        label="Of the types" description="* stands for any text; Enter takes it" data={['ops.alert.*', '*', ...(types.data ?? [])]} value={draft.event_types} onChange={set('event_types')}
        error={wrong.event_types}
      />
      {tenant === null && webhook === undefined && <TextInput label="Tenant" placeholder="all" {...typed('tenant_id')} />}
      {webhook === undefined && <TextInput label="Secret" placeholder="made, if it is left empty, and shown once" {...typed('secret')} />}
      <Switch label="On" checked={draft.enabled} onChange={(event) => set('enabled')(event.currentTarget.checked)} />
    </DraftForm>
  );
}

/** A secret is shown once: whoever goes on without it has to make another. */
export function Secret({ value, onClose }: { value: string; onClose: () => void }) {
  return (
    <Stack gap="sm" data-testid="endpoint-secret">
      <Alert color="aether" title="The secret, for this once">
        The receiver checks signatures with it. It is not shown again.
      </Alert>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {value}
      </Code>
      <Group justify="flex-end" gap="sm">
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose} data-testid="secret-kept">
          I have it
        </Button>
      </Group>
    </Stack>
  );
}
