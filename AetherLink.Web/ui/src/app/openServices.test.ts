import { describe, expect, it } from 'vitest';
import type { MeshHealth } from '../api/types';
import { openServices } from './openServices';

const service = (rbac_enabled?: boolean) =>
  ({ status: 'up', url: '', since: '', last_checked: '', ...(rbac_enabled === undefined ? {} : { rbac_enabled }) }) as MeshHealth['services'][string];

describe('openServices', () => {
  it('names nobody while all enforce', () => {
    expect(openServices({ rbac_enabled: true }, { services: { web: service(), orchestrator: service() } })).toEqual([]);
    expect(openServices({ rbac_enabled: true }, undefined)).toEqual([]);
  });

  it('names any service that does not, and the gateway once', () => {
    const services = { web: service(false), orchestrator: service(false), 'auto-heal': service() };
    expect(openServices({ rbac_enabled: true }, { services })).toEqual(['orchestrator', 'web']);
    expect(openServices({ rbac_enabled: false }, { services })).toEqual(['orchestrator', 'web']);
    expect(openServices({ rbac_enabled: false }, undefined)).toEqual(['web']);
  });
});
