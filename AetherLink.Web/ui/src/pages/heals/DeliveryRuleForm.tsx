import { Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { commandCenter, unwrap } from '../../api/client';
import type { HealingRule } from '../../api/types';
import { DraftForm } from '../../components/DraftForm';
import { useSaved } from '../../components/useSaved';
import { triages } from '../deliveries/search';
import { actions, bodyOf, draftOf } from './deliveryRule';
import { deliveryRulesQuery } from './queries';

interface Props {
  /** Undefined for a new one. */
  rule: HealingRule | undefined;
  tenant: string | null;
  onClose: () => void;
}

export function DeliveryRuleForm({ rule, tenant, onClose }: Props) {
  const { form, sending } = useSaved({
    begin: draftOf(rule),
    queryKey: deliveryRulesQuery.queryKey,
    onSaved: onClose,
    send: async (draft) => {
      const body = bodyOf(draft);
      return rule === undefined
        ? unwrap(await commandCenter.POST('/autoheal/rules', { body })).rule
        : unwrap(await commandCenter.PUT('/autoheal/rules/{id}', { params: { path: { id: rule.id } }, body })).rule;
    },
  });
  const { draft, wrong, set, typed } = form;
  return (
    <DraftForm name="healing-rule" action={rule === undefined ? 'Make the rule' : 'Save'} {...sending} onClose={onClose}>
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
    </DraftForm>
  );
}
