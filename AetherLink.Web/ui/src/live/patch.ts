import type { Heal, MeshHealth, OpsEvent, ServiceHealth } from '../api/types';
import { EventTypes, isOfTheMesh, keptEvents, keyOf, number, text } from './events';

/** A call to the AI, as its event tells it. */
export interface AiCall {
  key: string;
  at: string;
  intent: string;
  provider: string | undefined;
  model: string | undefined;
  latencyMs: number | undefined;
  outcome: 'used' | 'fallback' | 'failed';
  /** Providers that were tried before the one that answered. */
  tried: string[];
  event: OpsEvent;
}

export const keptCalls = 30;
export const keptHeals = 30;

/** Newest first, each once, bounded. What arrives later stands before what was there, whatever the producers' clocks say. */
export function addEvents(known: readonly OpsEvent[], arrived: readonly OpsEvent[]): OpsEvent[] {
  const keys = new Set(known.map(keyOf));
  const fresh: OpsEvent[] = [];
  for (const event of arrived) {
    const key = keyOf(event);
    if (keys.has(key)) continue;
    keys.add(key);
    fresh.unshift(event);
  }
  return fresh.length === 0 ? (known as OpsEvent[]) : [...fresh, ...known].slice(0, keptEvents);
}

export function patchHealth(health: MeshHealth, event: OpsEvent): MeshHealth {
  const failed = event.event_type === EventTypes.serviceFailed;
  if ((!failed && event.event_type !== EventTypes.serviceRecovered) || !isOfTheMesh(event)) return health;
  const name = text(event, 'name') ?? text(event, 'service');
  if (!name) return health;
  const before = health.services[name];
  // A resumed stream tells again what an answer fetched in the meantime may already know better.
  if (before?.since && Date.parse(before.since) > Date.parse(event.timestamp)) return health;

  const after = {
    ...before,
    status: failed ? (text(event, 'status') ?? 'down') : 'up',
    error: failed ? (text(event, 'error') ?? null) : null,
    since: text(event, 'since') ?? event.timestamp,
    last_checked: event.timestamp,
    latency_ms: number(event, 'latency_ms') ?? (failed ? null : (before?.latency_ms ?? null)),
    url: text(event, 'url') ?? before?.url ?? '',
  } as ServiceHealth;
  const services = { ...health.services, [name]: after };
  const allUp = Object.values(services).every((service) => service.status === 'up');
  return { ...health, status: (allUp ? 'up' : 'degraded') as MeshHealth['status'], services };
}

export function patchHeals(heals: readonly Heal[], event: OpsEvent): Heal[] {
  const success = event.event_type === EventTypes.healSucceeded;
  if ((!success && event.event_type !== EventTypes.healFailed) || !isOfTheMesh(event)) return heals as Heal[];
  const heal = {
    service: text(event, 'service') ?? event.source,
    action: text(event, 'action') ?? 'restart',
    success,
    msg: text(event, 'msg') ?? '',
    reason: text(event, 'reason') ?? '',
    timestamp: Date.parse(event.timestamp) / 1000,
    duration_ms: number(event, 'duration_ms') ?? 0,
    verified: event.payload.verified === true,
  } satisfies Partial<Heal> as Heal;
  return [heal, ...heals].slice(0, keptHeals);
}

export function asAiCall(event: OpsEvent): AiCall | undefined {
  const outcome = (
    { [EventTypes.aiUsed]: 'used', [EventTypes.aiFallback]: 'fallback', [EventTypes.aiFailed]: 'failed' } as const
  )[event.event_type];
  if (!outcome) return undefined;
  const provider = text(event, 'provider');
  return {
    key: keyOf(event),
    at: event.timestamp,
    intent: text(event, 'intent') ?? 'unknown',
    provider,
    model: text(event, 'model'),
    latencyMs: number(event, 'latency_ms'),
    outcome,
    tried: triedBefore(event, provider),
    event,
  };
}

/** A provider that was skipped (no key, circuit open) was not tried. */
function triedBefore(event: OpsEvent, answered: string | undefined): string[] {
  const attempts: unknown = event.payload.attempts;
  return Array.isArray(attempts) ? attempts.filter(isTried).map(({ provider }) => provider).filter((name) => name !== answered) : [];
}

const isTried = (attempt: unknown): attempt is { provider: string } =>
  typeof attempt === 'object' &&
  attempt !== null &&
  'provider' in attempt &&
  typeof attempt.provider === 'string' &&
  !('outcome' in attempt && attempt.outcome === 'skipped');

export function addAiCalls(known: readonly AiCall[], events: readonly OpsEvent[]): AiCall[] {
  const keys = new Set(known.map((call) => call.key));
  const fresh: AiCall[] = [];
  for (const event of events) {
    const call = asAiCall(event);
    if (!call || keys.has(call.key)) continue;
    keys.add(call.key);
    fresh.unshift(call);
  }
  return fresh.length === 0 ? (known as AiCall[]) : [...fresh, ...known].slice(0, keptCalls);
}

/** A heal that began and has not ended counts for this long: the verification's own limit, and some air. */
const healingMs = 5 * 60_000;

/** Services for which the newest word about healing is that it began. */
export function beingHealed(events: readonly OpsEvent[], now: number): string[] {
  const heard = new Set<string>();
  const healing: string[] = [];
  for (const event of events) {
    const service = text(event, 'service');
    if (!service || !event.event_type.startsWith('autoheal.') || heard.has(service) || !isOfTheMesh(event)) continue;
    heard.add(service);
    if (event.event_type === EventTypes.healAttempted && now - Date.parse(event.timestamp) < healingMs) healing.push(service);
  }
  return healing;
}
