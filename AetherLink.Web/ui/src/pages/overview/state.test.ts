import { describe as suite, expect, it } from 'vitest';
import type { MeshHealth } from '../../api/types';
import { clock } from '../../components/clock';
import { describe } from './state';

const since = '2026-03-01T10:41:00Z';
const at = clock(Date.parse(since));

function mesh(statuses: Record<string, string>): MeshHealth {
  const services = Object.entries(statuses).map(([name, status]) => [name, { status, since, error: status === 'down' ? 'refused' : null }]);
  return { status: 'up', services: Object.fromEntries(services) } as MeshHealth;
}

const facts = { healing: [], lastHeal: undefined, blindSince: undefined };

suite('the sentence of state', () => {
  it('says that all is well', () => {
    expect(describe({ ...facts, health: mesh({ a: 'up', b: 'up' }) }).sentence).toBe('All 2 services are up');
  });

  it('says how many are down, since when, and what is being done', () => {
    const health = mesh({ orchestrator: 'down', b: 'up', c: 'up', d: 'up', e: 'up' });
    const state = describe({ ...facts, health, healing: ['orchestrator'] });
    expect(state).toMatchObject({ tone: 'bad', sentence: `1 of 5 services down since ${at}; orchestrator is being healed` });
    expect(state.detail).toBe('orchestrator: refused');
  });

  it('does not claim to know what it cannot see', () => {
    const state = describe({ ...facts, health: mesh({ a: 'up' }), blindSince: Date.parse(since) });
    expect(state).toMatchObject({ tone: 'unknown', sentence: `No live data since ${at}` });
  });

  it('says which alerts fire, also while all services are up', () => {
    const state = describe({ ...facts, health: mesh({ a: 'up', b: 'up' }), firing: ['Leads fail', 'Down', 'Slow', 'Late'] });
    expect(state).toEqual({ tone: 'attention', sentence: 'All 2 services are up; 4 alerts firing', detail: 'Leads fail · Down · Slow …' });
    expect(describe({ ...facts, health: mesh({ a: 'down' }), firing: ['Down'], more: true }).sentence).toBe(`1 of 1 service down since ${at}; 1+ alerts firing`);
  });

  it('says of which minute it is, whatever arrives just now', () => {
    const state = describe({ ...facts, health: mesh({ a: 'up' }), at: Date.parse(since), blindSince: Date.parse(since) });
    expect(state).toMatchObject({ tone: 'good', sentence: `At ${at}: The one service is up` });
  });

  it('says when nothing is known', () => {
    expect(describe({ ...facts, health: undefined }).tone).toBe('unknown');
  });
});
