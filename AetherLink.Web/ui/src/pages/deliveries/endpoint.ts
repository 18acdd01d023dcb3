import type { Webhook } from '../../api/types';
import { orNull } from '../../components/draft';

export const kinds = ['standard', 'slack', 'teams', 'discord'] as const;

/** An endpoint as it is typed. */
export interface EndpointDraft {
  url: string;
  kind: string;
  severity: string;
  event_types: string[];
  tenant_id: string;
  secret: string;
  enabled: boolean;
}

/** The URL of one that is there is masked: it is not typed again to change something else. */
export const draftOf = (webhook: Webhook | undefined): EndpointDraft => ({
  url: '',
  kind: webhook?.kind ?? '',
  severity: webhook?.severity ?? 'info',
  event_types: webhook?.event_types ?? ['ops.alert.*'],
  tenant_id: '',
  secret: '',
  enabled: webhook?.enabled ?? true,
});

/** What is null is made by the server, or stays as it was. */
export const bodyOf = (draft: EndpointDraft) => ({
  url: orNull(draft.url),
  kind: orNull(draft.kind),
  severity: draft.severity,
  event_types: draft.event_types,
  tenant_id: orNull(draft.tenant_id),
  secret: orNull(draft.secret),
  enabled: draft.enabled,
});
