import { describe, expect, it } from 'vitest';
import start from '../../public/start.js?raw';
import type { MeshHealth } from '../api/types';
import { describe as describeMesh } from '../pages/overview/state';

const hourMs = 3_600_000;

const answer = (body: unknown, ok = true) => ({ ok, clone: () => ({ json: () => Promise.resolve(body) }) });

function meshOf(statuses: readonly string[], hoursAgo = 1): MeshHealth {
  const services = statuses.map((status, place) => [`s${place}`, { status, since: new Date(Date.now() - (hoursAgo + place) * hourMs).toISOString() }]);
  return { status: 'up', services: Object.fromEntries(services) } as MeshHealth;
}

/** What public/start.js puts into the page before the application is there; undefined, when nothing. */
async function drawn(mesh: MeshHealth, { pathname = '/', search = '', roles = ['operator'], ok = true, lost = '' } = {}): Promise<string | undefined> {
  let shown: string | undefined;
  const told = (_: string, tell: (event: object) => void) => lost && tell({ target: { tagName: lost } });
  const place = { replaceChildren: (line: { textContent: string }) => (shown = line.textContent) };
  const page = {
    window: { addEventListener: told },
    document: {
      documentElement: { setAttribute: () => undefined },
      getElementById: (id: string) => (id === 'ahead' ? place : null),
      createElement: () => ({ textContent: '', setAttribute: () => undefined }),
    },
    location: { pathname, search },
    localStorage: { getItem: () => null },
    matchMedia: () => ({ matches: false }),
    fetch: (path: string) => Promise.resolve(path === '/api/session' ? answer({ rbac_enabled: true, roles }) : answer(mesh, ok)),
  };
  new Function(...Object.keys(page), start)(...Object.values(page));
  // All that it waits for is answered already: it is done before any timer.
  await new Promise((resolve) => setTimeout(resolve));
  return shown;
}

describe('the sentence that is there before the application', () => {
  it.each<[string, string[]]>([
    ['no service', []],
    ['one that is up', ['up']],
    ['many that are up', Array.from({ length: 1_001 }, () => 'up')],
    ['one that is down', ['down']],
    ['some that are down', ['up', 'down', 'unhealthy', 'degraded', 'unknown']],
    ['some that are slow', ['up', 'degraded', 'unknown']],
    ['some of which nothing is known', ['up', 'unknown']],
    ['none of which anything is known', ['unknown', 'unknown']],
  ])('is in the words of the application: %s', async (_, statuses) => {
    for (const hoursAgo of [1, 100]) {
      const health = meshOf(statuses, hoursAgo);
      const { sentence } = describeMesh({ health, healing: [], heals: [], now: Date.now(), blindSince: undefined });
      expect(await drawn(health)).toBe(sentence);
    }
  });

  it('is the overview\'s of now, and for those alone who may see it', async () => {
    const mesh = meshOf(['up']);
    expect(await drawn(mesh, { search: '?severity=error' })).toBe('The one service is up');
    expect(await drawn(mesh, { pathname: '/events' })).toBeUndefined();
    expect(await drawn(mesh, { search: '?hours=6&at=2026-01-02T12:00:00Z' })).toBeUndefined();
    expect(await drawn(mesh, { roles: ['agent'] })).toBeUndefined();
    expect(await drawn(mesh, { ok: false })).toBeUndefined();
  });

  it('gives way where the application does not come', async () => {
    expect(await drawn(meshOf(['up']), { lost: 'SCRIPT' })).toBe('The pages could not be loaded. Please load them again.');
    expect(await drawn(meshOf(['up']), { lost: 'IMG' })).toBe('The one service is up');
  });
});
