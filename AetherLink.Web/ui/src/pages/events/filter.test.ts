import { expect, test } from 'vitest';
import type { OpsEvent } from '../../api/types';
import { isNarrow, matches, readFilter } from './filter';

const event = {
  sequence: 7,
  event_id: 'e7',
  event_type: 'lead.created',
  severity: 'error',
  source: 'crm',
  tenant_id: 'acme',
  timestamp: '2026-01-02T03:04:05Z',
  received_at: '2026-01-02T03:04:05Z',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  payload: { name: 'Maria Jensen' },
} as unknown as OpsEvent;

test('an address gives the fields that it has, and no others', () => {
  expect(readFilter({ severity: 'error', text: 42, source: '', event: 'acme/e7', nonsense: 'x' })).toEqual({ severity: 'error', text: '42' });
  expect(isNarrow(readFilter({ event: 'acme/e7' }))).toBe(false);
});

test.each([
  [{}, true],
  [{ event_type: 'lead.created' }, true],
  [{ event_type: 'lead.assigned,lead.created' }, true],
  [{ event_type: 'lead.assigned' }, false],
  [{ severity: 'error,critical' }, true],
  [{ severity: 'info' }, false],
  [{ source: 'crm', tenant_id: 'acme' }, true],
  [{ tenant_id: 'globex' }, false],
  [{ trace_id: '0AF7651916CD43DD8448EB211C80319C' }, true],
  [{ text: 'maria' }, true],
  [{ text: 'nobody' }, false],
  [{ since: '2026-01-01T00:00:00Z' }, true],
  [{ until: '2026-12-31T00:00:00Z' }, false],
])('%j lets a live event in: %s', (filter, expected) => {
  expect(matches(filter, event)).toBe(expected);
});
