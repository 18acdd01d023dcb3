import { describe, expect, it } from 'vitest';
import type { Heal, MeshHealth, OpsEvent } from '../api/types';
import { keptEvents } from './events';
import { addAiCalls, addEvents, asAiCall, beingHealed, patchHeals, patchHealth } from './patch';

function event(id: string, event_type: string, payload: Record<string, unknown> = {}, timestamp = '2026-03-01T10:41:00Z'): OpsEvent {
  return { event_id: id, event_type, payload, timestamp, source: 's', tenant_id: 'default', severity: 'info' } as OpsEvent;
}

const mesh = (): MeshHealth =>
  ({
    status: 'up',
    services: {
      orchestrator: { status: 'up', url: 'http://o', since: '2026-03-01T09:00:00Z', latency_ms: 3 },
      web: { status: 'up', url: 'http://w', since: '2026-03-01T09:00:00Z', latency_ms: 1 },
    },
  }) as unknown as MeshHealth;

describe('addEvents', () => {
  it('puts the newest first, each once', () => {
    const [one, two, three] = [event('1', 'a'), event('2', 'a'), event('3', 'a')];
    expect(addEvents([one], [one, two, three, two]).map((e) => e.event_id)).toEqual(['3', '2', '1']);
  });

  it('keeps two events of different tenants with the same id', () => {
    const other = { ...event('1', 'a'), tenant_id: 'acme' };
    expect(addEvents([event('1', 'a')], [other])).toHaveLength(2);
  });

  it('gives the same list back when there is nothing new, so that nothing is drawn', () => {
    const known = [event('1', 'a')];
    expect(addEvents(known, [event('1', 'a')])).toBe(known);
  });

  it('is bounded', () => {
    const many = Array.from({ length: keptEvents + 50 }, (_, i) => event(String(i), 'a'));
    const kept = addEvents([], many);
    expect(kept).toHaveLength(keptEvents);
    expect(kept[0]?.event_id).toBe(String(keptEvents + 49));
  });
});

describe('patchHealth', () => {
  it('takes a service down, and up again', () => {
    const down = patchHealth(mesh(), event('1', 'service.health.failed', { name: 'orchestrator', error: 'refused' }));
    expect(down.status).toBe('degraded');
    expect(down.services.orchestrator).toMatchObject({ status: 'down', error: 'refused', since: '2026-03-01T10:41:00Z', latency_ms: null });
    const up = patchHealth(down, event('2', 'service.health.recovered', { name: 'orchestrator' }, '2026-03-01T10:42:00Z'));
    expect(up.status).toBe('up');
    expect(up.services.orchestrator).toMatchObject({ status: 'up', error: null, since: '2026-03-01T10:42:00Z' });
  });

  it('believes a newer answer more than an older event', () => {
    const late = event('1', 'service.health.failed', { name: 'orchestrator' }, '2026-03-01T08:00:00Z');
    expect(patchHealth(mesh(), late)).toEqual(mesh());
  });

  it('does not believe somebody who has published it', () => {
    const lie = { ...event('1', 'service.health.failed', { name: 'orchestrator' }), client_ip: '10.0.0.1', publisher: 'command-center' };
    const ofATenant = { ...event('1', 'service.health.failed', { name: 'orchestrator' }), tenant_id: 'acme' };
    const before = mesh();
    expect([lie, ofATenant].reduce(patchHealth, before)).toBe(before);
  });

  it('takes in a service that it did not know', () => {
    const patched = patchHealth(mesh(), event('1', 'service.health.failed', { name: 'new' }));
    expect(patched.services.new?.status).toBe('down');
  });

  it('leaves everything as it is for other events', () => {
    const before = mesh();
    expect(patchHealth(before, event('1', 'lead.created'))).toBe(before);
  });
});

describe('heals and AI calls', () => {
  it('adds a heal when it has ended, and not when it begins', () => {
    const none: Heal[] = [];
    expect(patchHeals(none, event('1', 'autoheal.attempted', { service: 'web' }))).toBe(none);
    expect(patchHeals(none, event('2', 'autoheal.succeeded', { service: 'web', action: 'start', verified: true }))[0]).toMatchObject({
      service: 'web',
      action: 'start',
      success: true,
      verified: true,
    });
    expect(patchHeals(none, { ...event('3', 'autoheal.succeeded', { service: 'web' }), client_ip: '10.0.0.1' })).toBe(none);
  });

  it('knows which services are being healed', () => {
    const now = Date.parse('2026-03-01T10:42:00Z');
    const attempted = event('1', 'autoheal.attempted', { service: 'web' });
    expect(beingHealed([attempted], now)).toEqual(['web']);
    expect(beingHealed([{ ...attempted, client_ip: '10.0.0.1' }], now)).toEqual([]);
    expect(beingHealed([event('2', 'autoheal.succeeded', { service: 'web' }), attempted], now)).toEqual([]);
    expect(beingHealed([attempted], now + 10 * 60_000)).toEqual([]);
  });

  it('tells who answered a call, and who was tried before', () => {
    const call = asAiCall(
      event('1', 'ai.fallback.used', { intent: 'extract-lead', provider: 'local', latency_ms: 3, attempts: [{ provider: 'ollama', outcome: 'skipped' }, { provider: 'claude', outcome: 'failed' }, { provider: 'local' }] }),
    );
    expect(call).toMatchObject({ outcome: 'fallback', provider: 'local', tried: ['claude'], latencyMs: 3 });
    expect(addAiCalls(call ? [call] : [], [event('1', 'ai.fallback.used')])).toHaveLength(1);
  });
});
