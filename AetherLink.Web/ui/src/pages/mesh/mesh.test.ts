import { expect, it } from 'vitest';
import type { MeshHealth, Reconciliation, ServiceEntry } from '../../api/types';
import { careOf, isWeb, join, narrow, statusOf } from './mesh';

const entry = (name: string) => ({ name, source: 'aspire', url: `http://${name}` }) as ServiceEntry;
const health = { services: { a: { status: 'up' }, b: { status: 'down' } } } as unknown as MeshHealth;
const reconciled = { services: [{ name: 'a', monitored: true, healed: true }, { name: 'b', monitored: true, healed: false }, { name: 'c', monitored: false, healed: null }] } as Reconciliation;

it('joins what is known of a service, and shows what is wrong first', () => {
  const all = join([entry('a'), entry('c'), entry('b'), entry('d')], health, reconciled);
  expect(narrow(all, {}).map((known) => [known.entry.name, statusOf(known), careOf(known)])).toEqual([
    ['b', 'down', 'monitored, not healed'],
    ['c', 'unknown', 'not monitored'],
    ['d', 'unknown', ''],
    ['a', 'up', 'monitored, healed'],
  ]);
  expect(narrow(all, { name: 'A' }).map(({ entry }) => entry.name)).toEqual(['a']);
  expect(narrow(all, { status: 'unknown', name: 'd' })).toHaveLength(1);
});

it('follows only links of the web', () => {
  expect(['http://a', 'https://a/b', 'javascript:alert(1)', 'ftp://a'].map(isWeb)).toEqual([true, true, false, false]);
});
