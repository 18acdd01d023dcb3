import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { commandCenter } from '../../api/client';
import { servicesQuery } from './queries';

const page = (names: string[], next: string | null) => ({
  data: { status: 'ok', count: names.length, next_cursor: next, services: names.map((name) => ({ name })) },
  response: new Response('{}'),
});

test('the services of every page are shown', async () => {
  const get = vi.spyOn(commandCenter, 'GET').mockResolvedValueOnce(page(['a', 'b'], 'b=') as never).mockResolvedValueOnce(page(['c'], null) as never);

  const services = await new QueryClient().fetchQuery(servicesQuery);

  expect(services.map((service) => service.name)).toEqual(['a', 'b', 'c']);
  const calls = get.mock.calls as unknown as [string, { params: unknown }][];
  expect(calls.map(([path, options]) => [path, options.params])).toEqual([
    ['/ops/services', { query: {} }],
    ['/ops/services', { query: { cursor: 'b=' } }],
  ]);
});
