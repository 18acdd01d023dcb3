import { queryOptions } from '@tanstack/react-query';
import { setAntiForgeryToken, unwrap, web } from '../api/client';
import type { Session } from '../api/types';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => remember(unwrap(await web.GET('/api/session', { signal }))),
  staleTime: Infinity,
});

export async function signIn(role: string, tenant: string | null): Promise<Session> {
  return remember(unwrap(await web.POST('/api/session', { body: { role, tenant_id: tenant } })));
}

export async function signOut(): Promise<Session> {
  return remember(unwrap(await web.DELETE('/api/session')));
}

function remember(session: Session): Session {
  setAntiForgeryToken(session.csrf_token);
  return session;
}

export const maySeeOperations = (session: Session): boolean =>
  session.roles.includes('operator') || session.roles.includes('admin');

export const mayRunAi = (session: Session): boolean => maySeeOperations(session) || session.roles.includes('agent');
