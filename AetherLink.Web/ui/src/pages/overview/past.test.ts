import { expect, it } from 'vitest';
import type { MeshHealth, MeshState } from '../../api/types';
import { standingOf } from './past';

const at = '2026-01-01T10:13:00Z';
const alert = (rule_name: string, group: string | null, more: object = {}) => ({ rule_name, group, acknowledged: false, silenced: false, ...more });
const heal = (service: string, state: string) => ({ service, state, action: 'restart', reason: null, at });
const state = {
  at,
  services: [{ name: 'web', status: 'down', since: '2026-01-01T10:10:00Z', error: 'timed out' }, { name: 'crm', status: 'unknown', since: null, error: null }],
  alerts: [alert('Down', 'web'), alert('Slow', null), alert('Taken on', null, { acknowledged: true }), alert('Muted', null, { silenced: true })],
  alerts_by_severity: { critical: 4 },
  alerts_capped: false,
  heals: [heal('web', 'running'), heal('crm', 'failed'), heal('api', 'suppressed')],
} as unknown as MeshState;

it('says of a past minute what is said of the present one, and claims nothing that nobody told', () => {
  const then = standingOf(state, { services: { web: { url: 'http://web', latency_ms: 3 } } } as unknown as MeshHealth);
  expect(then.health?.services.web).toMatchObject({ status: 'down', error: 'timed out', since: '2026-01-01T10:10:00Z', url: 'http://web', latency_ms: null });
  expect(then.health?.services.crm).toMatchObject({ status: 'unknown', since: '', url: '' });
  expect(then.health?.status).toBe('degraded');
  expect([then.firing, then.more]).toEqual([['Down: web', 'Slow'], false]);
  expect(then.healing).toEqual(['web']);
  expect(then.heals).toMatchObject([{ service: 'crm', success: false, timestamp: Date.parse(at) / 1_000 }]);
});

it('knows that there were more alerts than are named', () => {
  expect(standingOf({ ...state, alerts_by_severity: { critical: 3, warning: 2 } }, undefined).more).toBe(true);
});
