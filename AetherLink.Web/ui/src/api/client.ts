import createClient, { type Middleware } from 'openapi-fetch';
import { takingFrom } from './asked';
import { asApiError } from './problem';
import type { AutoHealPaths, CommandCenterPaths, OrchestratorPaths, WebPaths } from './types';

const antiForgeryHeader = 'X-CSRF-Token';

/** The token comes with the session, and belongs to it: a sign-in brings a new one. */
let antiForgeryToken = '';

export function setAntiForgeryToken(token: string): void {
  antiForgeryToken = token;
}

const antiForgery: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set(antiForgeryHeader, antiForgeryToken);
    return request;
  },
};

// At the time of the question: a test has a fetch of its own.
const ask = takingFrom(globalThis.window?.aetherlinkAsked ?? {}, (request) => fetch(request));

function client<Paths extends object>(baseUrl: string) {
  const made = createClient<Paths>({ baseUrl, fetch: ask, credentials: 'same-origin', headers: { Accept: 'application/json' } });
  made.use(antiForgery);
  return made;
}

export const commandCenter = client<CommandCenterPaths>('/api/command-center');
export const orchestrator = client<OrchestratorPaths>('/api/orchestrator');
export const autoHeal = client<AutoHealPaths>('/api/auto-heal');
export const web = client<WebPaths>('');

/** The body of a success; anything else is thrown, so that a query fails visibly. */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  if (!answer.response.ok || answer.data === undefined || answer.data === null)
    throw asApiError(answer.response, answer.error);
  return answer.data;
}
