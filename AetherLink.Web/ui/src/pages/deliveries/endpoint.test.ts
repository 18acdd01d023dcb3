import { expect, it } from 'vitest';
import type { Webhook } from '../../api/types';
import { bodyOf, draftOf } from './endpoint';

it('leaves to the server what was not typed', () => {
  expect(bodyOf(draftOf(undefined))).toEqual({ url: null, kind: null, severity: 'info', event_types: ['ops.alert.*'], tenant_id: null, secret: null, enabled: true });
});

it('does not send a masked URL back', () => {
  const webhook = { url: 'https://hooks.example/***', kind: 'slack', severity: 'error', event_types: ['a.*'], enabled: false, tenant_id: 'acme' } as Webhook;
  expect(bodyOf(draftOf(webhook))).toEqual({ url: null, kind: 'slack', severity: 'error', event_types: ['a.*'], tenant_id: null, secret: null, enabled: false });
});
