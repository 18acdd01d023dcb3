import { expect, test } from 'vitest';
import { bodyOf, draftOf, newDraft, previewOf } from './draft';

test('a draft is sent with what it has, and null for what it has not', () => {
  expect(bodyOf({ ...newDraft, name: ' Leads fail ', event_type: ['lead.created', 'lead.assigned'], severity: ['error'] })).toEqual({
    name: 'Leads fail',
    threshold: 3,
    window_seconds: 300,
    event_type: 'lead.created,lead.assigned',
    severity: 'error',
    source: null,
    group_by: null,
    alert_severity: 'critical',
    enabled: true,
    tenant_id: null,
  });
});

test('what is no number is not sent as one: the server says so of the field', () => {
  expect(JSON.stringify(bodyOf({ ...newDraft, threshold: '', window_seconds: 'long' }))).not.toMatch(/threshold|window_seconds/);
});

test('a rule becomes a draft and the same rule again', () => {
  const rule = { name: 'r', threshold: 2, window_seconds: 60, event_type: 'a,b', severity: null, source: 'crm', group_by: 'payload.name', alert_severity: 'error', enabled: false, tenant_id: 'acme' } as const;
  expect(bodyOf(draftOf(rule))).toEqual(rule);
});

test('a preview is asked for also before the rule has a name', () => {
  expect(previewOf(newDraft)).toMatchObject({ name: 'preview', hours: 24, threshold: 3 });
  expect(previewOf(newDraft)).not.toHaveProperty('enabled');
});
