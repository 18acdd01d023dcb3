import type { OpsEvent } from '../api/types';
import type { SseMessage } from './sse';

/** How many events the page keeps: enough to look back over an incident, few enough to draw at once. */
export const keptEvents = 200;

export const EventTypes = {
  serviceFailed: 'service.health.failed',
  serviceRecovered: 'service.health.recovered',
  healAttempted: 'autoheal.attempted',
  healSucceeded: 'autoheal.succeeded',
  healFailed: 'autoheal.failed',
  healSuppressed: 'autoheal.suppressed',
  aiUsed: 'ai.provider.used',
  aiFallback: 'ai.fallback.used',
  aiFailed: 'ai.fallback.failed',
} as const;

export const aiEventTypes = [EventTypes.aiUsed, EventTypes.aiFallback, EventTypes.aiFailed] as const;

/** What the gateway itself says on the stream, beside the events of the mesh. */
export const GatewayMessages = { state: 'gateway.state', reset: 'gateway.reset', moved: 'gateway.moved' } as const;

export function parseEvent(message: SseMessage): OpsEvent | undefined {
  try {
    const value: unknown = JSON.parse(message.data);
    return isEvent(value) ? value : undefined;
  } catch (error) {
    console.warn('live: an event that is not JSON', message.id, error);
    return undefined;
  }
}

function isEvent(value: unknown): value is OpsEvent {
  return typeof value === 'object' && value !== null && 'event_id' in value && 'event_type' in value && 'payload' in value;
}

/** The mesh's word of itself: what somebody has published over HTTP came from an address, whatever it is called. */
export const isOfTheMesh = (event: OpsEvent): boolean => !event.client_ip && event.tenant_id === 'default';

/** An event_id is unique within its tenant only. */
export const keyOf = (event: OpsEvent): string => `${event.tenant_id}/${event.event_id}`;

export function text(event: OpsEvent, field: string): string | undefined {
  const value = event.payload[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(event: OpsEvent, field: string): number | undefined {
  const value = event.payload[field];
  return typeof value === 'number' ? value : undefined;
}

/** One line that says what happened, for the types that the product knows; for others, the first plain fields. */
export function summarise(event: OpsEvent): string {
  const service = text(event, 'service') ?? text(event, 'name') ?? event.source;
  const because = text(event, 'error') ?? text(event, 'reason') ?? text(event, 'msg');
  const tail = because ? `: ${because}` : '';
  switch (event.event_type) {
    case EventTypes.serviceFailed:
      return `${service} is down${tail}`;
    case EventTypes.serviceRecovered:
      return `${service} is up again`;
    case EventTypes.healAttempted:
      return `${text(event, 'action') ?? 'restart'} of ${service} begins${tail}`;
    case EventTypes.healSucceeded:
      return `${service} was healed${inTime(event, 'duration_ms')}`;
    case EventTypes.healFailed:
      return `${service} could not be healed${tail}`;
    case EventTypes.healSuppressed:
      return `${service} is left alone${tail}`;
    case EventTypes.aiUsed:
      return `${text(event, 'intent') ?? 'a call'} by ${text(event, 'provider') ?? 'a provider'}${inTime(event, 'latency_ms')}`;
    case EventTypes.aiFallback:
      return `${text(event, 'intent') ?? 'a call'} fell back to ${text(event, 'provider') ?? 'another provider'}${inTime(event, 'latency_ms')}`;
    case EventTypes.aiFailed:
      return `${text(event, 'intent') ?? 'a call'}: all providers failed${tail}`;
    default:
      return plainFields(event);
  }
}

function inTime(event: OpsEvent, field: string): string {
  const milliseconds = number(event, field);
  return milliseconds === undefined ? '' : ` in ${formatDuration(milliseconds)}`;
}

function plainFields(event: OpsEvent): string {
  const fields = Object.entries(event.payload)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, 4)
    .map(([name, value]) => `${name} ${String(value)}`);
  return fields.join(' · ') || 'no plain fields';
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}
