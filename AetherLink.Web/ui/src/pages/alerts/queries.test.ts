import { QueryClient, type InfiniteData } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { Alert, AlertPage, OpsEvent } from '../../api/types';
import { alertsQuery, patchAlerts, withAlert } from './queries';

const alert = (id: number, state = 'raised') =>
  ({ alert_id: `a${id}`, state, severity: 'error', tenant_id: 'acme', group: null, matched_count: 1, acknowledged_at: null, silenced_by: null, resolved_at: null, raised_at: new Date(id * 1_000).toISOString(), rule: { rule_id: 'r' } }) as unknown as Alert;

/** Newest first, as the server answers. */
const found = (next: string | null, ...pages: number[][]): InfiniteData<AlertPage, string | null> => ({
  pages: pages.map((ids, index) => ({ status: 'ok', count: ids.length, next_cursor: index === pages.length - 1 ? next : 'more', alerts: ids.map((id) => alert(id)) })),
  pageParams: pages.map(() => null),
});

const ids = (data: InfiniteData<AlertPage, string | null> | undefined) => data?.pages.flatMap((page) => page.alerts.map(({ alert_id }) => alert_id));

test('an alert is put where its time is, leaves a list that it is not of any more, and stands once', () => {
  expect(ids(withAlert(found(null, [5], [3, 1]), alert(4), true))).toEqual(['a5', 'a4', 'a3', 'a1']);
  expect(ids(withAlert(found(null, [5], [3, 1]), alert(3), false))).toEqual(['a5', 'a1']);
  expect(ids(withAlert(found(null, [5], [3, 1]), alert(3), true))).toEqual(['a5', 'a3', 'a1']);
});

test('one that is older than what was fetched waits for its page', () => {
  expect(ids(withAlert(found('more', [5, 3]), alert(1), true))).toEqual(['a5', 'a3']);
  expect(ids(withAlert(found(null, [5, 3]), alert(1), true))).toEqual(['a5', 'a3', 'a1']);
});

test('an acknowledged alert goes from those that fire to those that somebody has taken on', () => {
  const client = new QueryClient();
  const [firing, taken] = [alertsQuery({ state: 'raised' }).queryKey, alertsQuery({ state: 'acknowledged' }).queryKey];
  client.setQueryData(firing, found(null, [2, 1]));
  client.setQueryData(taken, found(null, []));

  patchAlerts(client, [{ event_type: 'ops.alert.acknowledged', timestamp: '2026-01-02T03:04:05Z', tenant_id: 'acme', payload: { alert_id: 'a2', acknowledged_by: 'ada' } } as unknown as OpsEvent]);

  expect(ids(client.getQueryData(firing))).toEqual(['a1']);
  expect(ids(client.getQueryData(taken))).toEqual(['a2']);
});
