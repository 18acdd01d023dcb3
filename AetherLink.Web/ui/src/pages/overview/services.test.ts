import { expect, it } from 'vitest';
import type { ServiceHealth } from '../../api/types';
import { narrow, rowsOf } from './services';

const services = Object.fromEntries(
  [['crm', 'up'], ['billing', 'down'], ['web', 'unknown'], ['mail', 'degraded'], ['auth', 'up'], ['api', 'up']].map(([name, status]) => [name, { status } as ServiceHealth]),
);

it('shows what is wrong first, and only what is asked for', () => {
  expect(narrow(services, {}).map(([name]) => name)).toEqual(['billing', 'mail', 'web', 'api', 'auth', 'crm']);
  expect(narrow(services, { service: 'A', status: 'up' }).map(([name]) => name)).toEqual(['api', 'auth']);
});

it('groups by status, in rows as wide as the page', () => {
  const rows = rowsOf(narrow(services, {}), 2).map((row) => ('head' in row ? `${row.head} ${row.count}` : row.cards.map(([name]) => name).join()));
  expect(rows).toEqual(['down 1', 'billing', 'degraded 1', 'mail', 'unknown 1', 'web', 'up 3', 'api,auth', 'crm']);
  expect(rowsOf([], 4)).toEqual([]);
});

it('leaves room for what is wrong in the rows that need it', () => {
  const some = [['api', { status: 'down', error: 'refused' }], ['crm', { status: 'down' }], ['web', { status: 'down' }]] as unknown as Parameters<typeof rowsOf>[0];
  expect(rowsOf(some, 2).map((row) => 'cards' in row && row.tall)).toEqual([false, true, false]);
});
