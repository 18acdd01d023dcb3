import type { MeshHealth, Session } from '../api/types';

/** Whoever enforces nothing: the gateway says so in the session, and the others to the Command Center, which asks them all. */
export function openServices(session: Pick<Session, 'rbac_enabled'>, health: Pick<MeshHealth, 'services'> | undefined): string[] {
  const told = Object.entries(health?.services ?? {})
    .filter(([, service]) => service.rbac_enabled === false)
    .map(([name]) => name);
  return [...new Set(session.rbac_enabled ? told : ['web', ...told])].sort();
}
