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
