import type { paths as AutoHealPaths } from './generated/auto-heal';
import type { paths as CommandCenterPaths } from './generated/command-center';
import type { paths as OrchestratorPaths } from './generated/orchestrator';
import type { paths as WebPaths } from './generated/web';

export type { AutoHealPaths, CommandCenterPaths, OrchestratorPaths, WebPaths };

/** What a GET answers with 200. Named by path, because a path is the contract and a schema's name is not. */
type Answer<Paths, Path extends keyof Paths> = Paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type MeshHealth = Answer<CommandCenterPaths, '/ops/health'>;
export type ServiceHealth = MeshHealth['services'][string];
export type EventPage = Answer<CommandCenterPaths, '/events/recent'>;
/** The document says of a payload that it is JSON; the events' own rules, that it is an object. */
export type OpsEvent = Omit<EventPage['events'][number], 'payload'> & { payload: Record<string, unknown> };
export type HealHistory = Answer<AutoHealPaths, '/autoheal/history'>;
export type Heal = HealHistory['history'][number];
export type Session = Answer<WebPaths, '/api/session'>;

export type Severity = 'info' | 'warning' | 'error' | 'critical';

export type AlertPage = Answer<CommandCenterPaths, '/alerts'>;
export type Alert = AlertPage['alerts'][number];
export type AlertRule = Answer<CommandCenterPaths, '/alerts/rules'>['rules'][number];
export type AlertTemplate = Answer<CommandCenterPaths, '/alerts/templates'>['templates'][number];
export type SilencePage = Answer<CommandCenterPaths, '/alerts/silences'>;
export type Silence = SilencePage['silences'][number];
export type SilenceRecord = Answer<CommandCenterPaths, '/alerts/silences/{id}'>;

export type DeliveryPage = Answer<CommandCenterPaths, '/alerts/deliveries/history'>;
export type Delivery = DeliveryPage['items'][number];
export type DeliveryDetail = Answer<CommandCenterPaths, '/alerts/deliveries/{id}'>;
export type DeliveryAttempt = DeliveryDetail['attempts'][number];
export type DeliveryStats = Answer<CommandCenterPaths, '/alerts/deliveries/stats'>;
export type ReplayJob = Answer<CommandCenterPaths, '/alerts/deliveries/replays/{id}'>;
export type Webhook = Answer<CommandCenterPaths, '/alerts/webhooks'>['webhooks'][number];

export type HealerStatus = Answer<AutoHealPaths, '/autoheal/status'>;
export type HealTarget = HealerStatus['targets'][number];
export type HealStats = Answer<AutoHealPaths, '/autoheal/stats'>;

export type AiUsage = Answer<CommandCenterPaths, '/ops/ai/usage'>;
export type AiFigures = AiUsage['total'];
export type AiSeries = NonNullable<AiUsage['series']>[number];
export type RecordedCall = Answer<CommandCenterPaths, '/ops/ai/calls'>['calls'][number];
export type Providers = Answer<OrchestratorPaths, '/providers/health'>;
export type Provider = Providers[string];

export type TenantReport = Answer<CommandCenterPaths, '/tenant_analytics/summary'>['tenants'][number];
export type AuditEntry = Answer<CommandCenterPaths, '/audit/operator'>['entries'][number];
export type AuditVerification = Answer<CommandCenterPaths, '/audit/operator/verify'>;
export type Incident = Answer<CommandCenterPaths, '/anomalies/current'>['incidents'][number];
export type AnomalyStats = Answer<CommandCenterPaths, '/anomalies/stats'>;
export type AnomalyDetail = Answer<CommandCenterPaths, '/anomalies/{id}'>;
export type ServicePage = Answer<CommandCenterPaths, '/ops/services'>;
export type ServiceEntry = ServicePage['services'][number];
export type Reconciliation = Answer<CommandCenterPaths, '/ops/reconciliation'>;
export type HealingRule = Answer<CommandCenterPaths, '/autoheal/rules'>['rules'][number];
export type CausesAnswer = Answer<CommandCenterPaths, '/insights/causes'>;
export type Cause = CausesAnswer['causes'][number];
export type CauseStep = Cause['spread'][number][number];
export type ReplayRecommendation = Answer<CommandCenterPaths, '/insights/replay-recommendations'>['recommendations'][number];
export type MeshState = Answer<CommandCenterPaths, '/ops/state'>;

export type Tool = Answer<WebPaths, '/api/tools'>['tools'][number];
export type Annotations = Answer<WebPaths, '/api/tools/annotations'>;
export type Annotation = Annotations['annotations'][number];
