import type { HealingRule } from '../../api/types';
import { numberOf, orNull } from '../../components/draft';
import { span } from '../../components/span';

/** A rule by which deliveries heal, as it is typed. */
export interface DeliveryRuleDraft {
  name: string;
  match_endpoint: string;
  match_triage: string;
  action: string;
  cooldown_seconds: string;
  max_replays: string;
  window_seconds: string;
  enabled: boolean;
  tenant_id: string;
}

export const actions = [
  { value: 'replay', label: 'send again, once it answers' },
  { value: 'cool_down', label: 'leave it alone for a while' },
  { value: 'disable', label: 'switch it off' },
] as const;

export const draftOf = (rule: HealingRule | undefined): DeliveryRuleDraft => ({
  name: rule?.name ?? '',
  match_endpoint: rule?.match_endpoint ?? '*',
  match_triage: rule?.match_triage ?? '',
  action: rule?.action ?? 'replay',
  cooldown_seconds: String(rule?.cooldown_seconds ?? 300),
  max_replays: String(rule?.max_replays ?? 100),
  window_seconds: String(rule?.window_seconds ?? 3_600),
  enabled: rule?.enabled ?? true,
  tenant_id: rule?.tenant_id ?? '',
});

export const bodyOf = (draft: DeliveryRuleDraft) => ({
  name: draft.name.trim(),
  match_endpoint: orNull(draft.match_endpoint),
  match_triage: orNull(draft.match_triage),
  action: draft.action,
  cooldown_seconds: numberOf(draft.cooldown_seconds),
  max_replays: numberOf(draft.max_replays),
  window_seconds: numberOf(draft.window_seconds),
  enabled: draft.enabled,
  tenant_id: orNull(draft.tenant_id),
});

export const sentences = (rule: HealingRule): string[] => [
  `${rule.action.replaceAll('_', ' ')} for ${rule.match_endpoint}${rule.match_triage ? `, ${rule.match_triage.replaceAll('_', ' ')}` : ''}`,
  `at most ${rule.max_replays} within ${span(rule.window_seconds)}, cooldown ${span(rule.cooldown_seconds)} · ${rule.tenant_id ?? 'all tenants'}`,
];
