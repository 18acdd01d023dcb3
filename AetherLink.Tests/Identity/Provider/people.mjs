import { text } from 'node:stream/consumers';

const tenants = { acme: 'acme', globex: 'globex', everywhere: undefined };

/**
 * `operator@acme` and so on: four roles in two tenants and in none, each of the three where another kind of issuer keeps its
 * roles. `stranger@acme` is an admin of another client alone, and `nobody@acme` has no role.
 */
const roles = {
  acme: (role) => ({ roles: [role] }),
  globex: (role) => ({ realm_access: { roles: [role, 'offline_access'] } }),
  everywhere: (role) => ({ resource_access: { aetherlink: { roles: [role] }, account: { roles: ['admin'] } } }),
};

const known = new Map();

export const people = {
  has: (name) => known.has(name),
  change(name, claims) {
    if (claims === null) known.delete(name);
    else known.set(name, { ...known.get(name), ...claims });
  },
  reset() {
    known.clear();
    for (const [place, tenant] of Object.entries(tenants))
      for (const role of ['viewer', 'agent', 'operator', 'admin'])
        known.set(`${role}@${place}`, { ...(tenant && { tenant_id: tenant }), ...roles[place](role) });
    known.set('nobody@acme', { tenant_id: 'acme' });
    known.set('stranger@acme', { tenant_id: 'acme', resource_access: { account: { roles: ['admin'] } } });
  },
};

export const claimsOf = (name) => ({ sub: name, name, preferred_username: name, ...known.get(name) });

/** One field, one button. */
export async function login(provider, request, response) {
  if (request.method === 'POST') {
    const name = new URLSearchParams(await text(request)).get('login');
    const result = people.has(name)
      ? { login: { accountId: name } }
      : { error: 'access_denied', error_description: 'There is no such person.' };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  await provider.interactionDetails(request, response);
  return response
    .writeHead(200, { 'content-type': 'text/html' })
    .end('<!doctype html><title>The issuer</title><form method="post"><input name="login" autofocus><button>Enter</button></form>');
}

/** Asks nothing: whoever comes here has pressed the button already. */
export function signedOut(ctx, form) {
  ctx.body = `<!doctype html><title>The issuer</title>${form.replace('</form>', '<input type="hidden" name="logout" value="yes"/></form>')}
    <script>document.forms[0].submit()</script>`;
}
