import { describe as suite, expect, it } from 'vitest';
import type { Heal, MeshHealth } from '../../api/types';
import { clock } from '../../components/clock';
import { describe } from './state';

const since = '2026-03-01T10:41:00Z';
const at = clock(Date.parse(since));

function mesh(statuses: Record<string, string>): MeshHealth {
  const services = Object.entries(statuses).map(([name, status]) => [name, { status, since, error: status === 'down' ? 'refused' : null }]);
  return { status: 'up', services: Object.fromEntries(services) } as MeshHealth;
}

const now = Date.parse(since) + 600_000;
const facts = { healing: [], heals: [], now, blindSince: undefined };
const heal = (service: string, secondsAgo: number, success = true) => ({ service, success, timestamp: now / 1_000 - secondsAgo }) as Heal;

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

  it('names the probable cause first, and of many that are down as many as are read at a glance', () => {
    const health = mesh({ a: 'down', b: 'down', c: 'down', d: 'down', postgres: 'down' });
    expect(describe({ ...facts, health, cause: 'postgres' }).detail).toBe('postgres: refused · a: refused · b: refused …');
  });

  it('says what was healed within the hour, how often, and what is being healed', () => {
    const heals = [heal('orchestrator', 60), heal('orchestrator', 300), heal('web', 400), heal('crm', 500, false), heal('old', 4_000)];
    expect(describe({ ...facts, health: mesh({ orchestrator: 'down', web: 'up' }), heals }).sentence).toBe(`1 of 2 services down since ${at}; orchestrator healed twice, web healed once`);
    expect(describe({ ...facts, health: mesh({ web: 'up', crm: 'up' }), heals, healing: ['web'] })).toMatchObject({ tone: 'attention', sentence: 'All 2 services answer; web is being healed; orchestrator healed twice' });
    expect(describe({ ...facts, health: mesh({ a: 'up', b: 'up' }), heals }).detail).toContain('Last heal: orchestrator');
  });

  it('says of a past minute how many are not known of', () => {
    const then = { ...facts, at: Date.parse(since) };
    expect(describe({ ...then, health: mesh({ a: 'up', b: 'unknown' }) })).toMatchObject({ tone: 'unknown', sentence: `At ${at}: 1 of 2 services up, and of the others nothing is known`, detail: 'b' });
    expect(describe({ ...then, health: mesh({ a: 'unknown' }), firing: ['Down'] }).sentence).toBe(`At ${at}: Nothing is known of the services; 1 alert firing`);
    expect(describe({ ...then, health: mesh({ a: 'down', b: 'unknown' }) }).tone).toBe('bad');
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
