import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { OpsEvent } from '../api/types';

export const silencesKey = ['alert-silences'] as const;
export const deliveriesKey = ['deliveries'] as const;
export const healerKey = ['healer'] as const;
export const aiKey = ['ai'] as const;
export const tenantsKey = ['tenants'] as const;
export const auditKey = ['audit'] as const;
export const anomaliesKey = ['anomalies'] as const;
export const causesKey = ['causes'] as const;
export const meshKey = ['mesh'] as const;
export const eventStatsKey = ['event-stats'] as const;
export const timelineKey = ['timeline'] as const;
export const recommendationsKey = ['replay-recommendations'] as const;
export const annotationsKey = ['annotations'] as const;

/** All that is asked for again: after an absence, too. */
export const toldKeys = [
  silencesKey, deliveriesKey, healerKey, aiKey, tenantsKey, auditKey, anomaliesKey, causesKey, meshKey, timelineKey, recommendationsKey,
  annotationsKey, eventStatsKey,
] as const;

/** An event, or what the gateway says beside them. */
type Word = Pick<OpsEvent, 'event_type'>;

/** What a word says has changed, without saying how: the answers that begin with this key are asked for again. */
interface Told {
  queryKey: QueryKey;
  about: (word: Word) => boolean;
  /** A storm of events is one question in this time, and not one each. */
  everyMs: number;
}

const starts = (...prefixes: string[]) => (word: Word) => prefixes.some((prefix) => word.event_type.startsWith(prefix));
const ofGateway = starts('gateway.');
const isEvent = (word: Word) => !ofGateway(word);

const tells: readonly Told[] = [
  { queryKey: silencesKey, about: starts('ops.alert.silenced', 'ops.alert.unsilenced', 'ops.silence.'), everyMs: 1_000 },
  { queryKey: deliveriesKey, about: starts('ops.alert.', 'ops.webhook.', 'ops.replay.', 'delivery.', 'autoheal.cooldown.'), everyMs: 1_000 },
  // Of an attempt no event tells, but the gateway. Where the stream was away its first word is as good: there may have been some.
  { queryKey: deliveriesKey, about: ofGateway, everyMs: 500 },
  // Any event may be one that an endpoint wants.
  { queryKey: deliveriesKey, about: isEvent, everyMs: 5_000 },
  { queryKey: healerKey, about: starts('autoheal.', 'service.health.', 'service.registered', 'service.unregistered'), everyMs: 500 },
  // A call's record comes by way of the audit, a moment after the event; who asks providers may be what was away.
  { queryKey: aiKey, about: starts('ai.', 'service.health.'), everyMs: 2_000 },
  // Any event counts for its tenant, and in its hour.
  { queryKey: tenantsKey, about: isEvent, everyMs: 5_000 },
  { queryKey: eventStatsKey, about: isEvent, everyMs: 5_000 },
  // What people do is told by the events of what they did.
  { queryKey: auditKey, about: starts('ops.', 'delivery.', 'autoheal.', 'service.registered', 'service.unregistered'), everyMs: 1_000 },
  { queryKey: anomaliesKey, about: starts('ops.anomaly.'), everyMs: 500 },
  // They are worked out for each who asks, and those who look at an incident are many.
  { queryKey: causesKey, about: starts('service.', 'ops.anomaly.', 'ops.alert.', 'autoheal.', 'ai.fallback.'), everyMs: 3_000 },
  { queryKey: meshKey, about: starts('service.'), everyMs: 500 },
  { queryKey: recommendationsKey, about: starts('ops.alert.delivery.', 'ops.alert.resolved', 'ops.webhook.', 'delivery.', 'autoheal.cooldown.'), everyMs: 1_000 },
  // Whoever tells of these marks them in Grafana too, a moment later.
  { queryKey: annotationsKey, about: starts('autoheal.', 'service.health.', 'ai.fallback.'), everyMs: 3_000 },
];

/** Asks for what the words have made old: at once for what is on a page, and for the rest when somebody looks. */
export function createAskAgain() {
  const waiting = new Set<Told>();
  return (client: QueryClient, words: readonly Word[]): void => {
    for (const told of tells) {
      if (waiting.has(told) || !words.some(told.about)) continue;
      waiting.add(told);
      setTimeout(() => {
        waiting.delete(told);
        void client.invalidateQueries({ queryKey: told.queryKey });
      }, told.everyMs);
    }
  };
}

export const askAgain = createAskAgain();
