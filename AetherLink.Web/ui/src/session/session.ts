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

/** By a navigation: the gateway sends the browser on to the issuer, which sends it back. */
export const issuerSignInUrl = (to: string | undefined): string =>
  `/api/session/sign-in${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}`;

export async function signOut(): Promise<Session> {
  return remember(unwrap(await web.DELETE('/api/session')));
}

function remember(session: Session): Session {
  setAntiForgeryToken(session.csrf_token);
  return session;
}

/** Whether there is somebody to show pages to. With enforcement off that is anybody. */
export const isIn = (session: Session): boolean => session.signed_in || !session.rbac_enabled;

// What follows only decides what is shown; the server decides what may be done.

export const maySeeOperations = (session: Session): boolean =>
  !session.rbac_enabled || session.roles.includes('operator') || session.roles.includes('admin');

export const mayConfigure = (session: Session): boolean => !session.rbac_enabled || session.roles.includes('admin');

export const mayRunAi = (session: Session): boolean => maySeeOperations(session) || session.roles.includes('agent');
