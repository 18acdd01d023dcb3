import type { AlertRule, AlertTemplate, Severity } from '../../api/types';
import { numberOf, orNull } from '../../components/draft';

/** A rule as it is typed: all of it text, until it is asked of the server, which alone judges it. */
export interface RuleDraft {
  name: string;
  threshold: string;
  window_seconds: string;
  event_type: string[];
  severity: string[];
  source: string;
  group_by: string;
  alert_severity: Severity;
  enabled: boolean;
  tenant_id: string;
  /** Of a template alone. */
  description: string;
}

export const newDraft: RuleDraft = {
  name: '',
  threshold: '3',
  window_seconds: '300',
  event_type: [],
  severity: [],
  source: '',
  group_by: '',
  alert_severity: 'critical',
  enabled: true,
  tenant_id: '',
  description: '',
};

const list = (text: string | null | undefined): string[] => text?.split(',').filter((word) => word !== '') ?? [];

export const draftOf = (rule: Omit<AlertTemplate['rule'], 'alert_severity'> & Partial<Pick<AlertRule, 'name' | 'tenant_id' | 'enabled'> & Pick<AlertTemplate, 'description'>> & { alert_severity?: Severity | null }): RuleDraft => ({
  name: rule.name ?? '',
  threshold: String(rule.threshold),
  window_seconds: String(rule.window_seconds),
  event_type: list(rule.event_type),
  severity: list(rule.severity),
  source: rule.source ?? '',
  group_by: rule.group_by ?? '',
  alert_severity: rule.alert_severity ?? 'critical',
  enabled: rule.enabled ?? true,
  tenant_id: rule.tenant_id ?? '',
  description: rule.description ?? '',
});

/** What is sent. A number that is none is left out, so that the server names the field. */
export function bodyOf(draft: RuleDraft) {
  return {
    name: draft.name.trim(),
    threshold: numberOf(draft.threshold),
    window_seconds: numberOf(draft.window_seconds),
    event_type: orNull(draft.event_type.join(',')),
    severity: orNull(draft.severity.join(',')),
    source: orNull(draft.source),
    group_by: orNull(draft.group_by),
    alert_severity: draft.alert_severity,
    enabled: draft.enabled,
    tenant_id: orNull(draft.tenant_id),
  };
}

/** A preview needs no name, and has nothing to do with whether the rule is switched on. */
export function previewOf(draft: RuleDraft) {
  const { enabled: _, ...body } = bodyOf(draft);
  return { ...body, name: 'preview', hours: 24 };
}

export function templateBodyOf(draft: RuleDraft) {
  const { name, tenant_id, enabled: _, ...rule } = bodyOf(draft);
  return { name, tenant_id, description: orNull(draft.description), rule };
}
