import { Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import type { HealingRule } from '../../api/types';
import { useDraft } from '../../components/draft';
import { FormEnd } from '../../components/FormEnd';
import { triages } from '../deliveries/search';
import { actions, bodyOf, draftOf } from './deliveryRule';
import { useSaveDeliveryRule } from './queries';

interface Props {
  /** Undefined for a new one. */
  rule: HealingRule | undefined;
  tenant: string | null;
  onClose: () => void;
}

export function DeliveryRuleForm({ rule, tenant, onClose }: Props) {
  const save = useSaveDeliveryRule();
  const { draft, wrong, set, typed, sent, failed } = useDraft(draftOf(rule), save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sent();
        save.mutate({ id: rule?.id, body: bodyOf(draft) }, { onSuccess: onClose });
      }}
      noValidate
    >
      <Stack gap="sm" data-testid="healing-rule-form">
        <TextInput label="Name" {...typed('name')} data-autofocus data-testid="healing-rule-name" />
        <TextInput label="Of the endpoints" description="a URL or an id; * stands for any text" {...typed('match_endpoint')} />
        <SimpleGrid cols={2} spacing="sm">
          <Select
            label="That fail as" placeholder="anything" clearable data={triages.map((value) => ({ value, label: value.replaceAll('_', ' ') }))} value={draft.match_triage || null}
            onChange={(value) => set('match_triage')(value ?? '')} error={wrong.match_triage}
          />
          <Select label="Does" data={[...actions]} value={draft.action} allowDeselect={false} onChange={(value) => set('action')(value ?? 'replay')} error={wrong.action} />
          <TextInput label="At most" description="replays" inputMode="numeric" {...typed('max_replays')} />
          <TextInput label="Within" description="seconds" inputMode="numeric" {...typed('window_seconds')} />
          <TextInput label="Cooldown" description="seconds" inputMode="numeric" {...typed('cooldown_seconds')} />
          {tenant === null && <TextInput label="Tenant" description="of the endpoints" placeholder="all" {...typed('tenant_id')} />}
        </SimpleGrid>
        <Switch label="On" checked={draft.enabled} onChange={(event) => set('enabled')(event.currentTarget.checked)} />
        <FormEnd action={rule === undefined ? 'Make the rule' : 'Save'} pending={save.isPending} error={failed ? save.error : null} onClose={onClose} testId="healing-rule-save" />
      </Stack>
    </form>
  );
}
