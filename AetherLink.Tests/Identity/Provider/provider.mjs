// A real OpenID provider for the tests, in a process of its own. It says `ready {"issuer":…,"control":…}` when it listens, on
// two free ports, and ends when its standard input does: nothing is left of it when the test host is killed. The control port
// is the tests' hand on it; what it takes is in control.mjs.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { control } from './control.mjs';
import { newKey } from './keys.mjs';
import { adapterOver } from './memory.mjs';
import { claimsOf, login, people, signedOut } from './people.mjs';

/** What services are to read in the audience; the resource is its name within the provider, which wants an absolute URI. */
const resource = 'urn:aetherlink:services';

const state = {
  clients: new Map(),
  keys: [newKey()],
  settings: {},
  counts: {},
  stored: new Map(),
  provider: undefined,
};

export const defaults = {
  access_token_seconds: 300,
  id_token_seconds: 300,
  refresh_token_seconds: 3600,
  rotate_refresh_tokens: true,
  audience: 'aetherlink',
  /** Every token request is held this long. */
  token_delay_ms: 0,
  /** Every token request is answered with this status instead. */
  token_status: 0,
  /** Replaces the nonce that the client asked for. */
  nonce: null,
};

state.reset = () => {
  state.settings = { ...defaults };
  state.counts = {};
  people.reset();
  state.clients.set('aetherlink', {
    client_id: 'aetherlink',
    client_secret: 'a secret of the web, for tests alone',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['http://localhost/callback', ...(state.clients.get('aetherlink')?.redirect_uris ?? [])],
    post_logout_redirect_uris: state.clients.get('aetherlink')?.post_logout_redirect_uris ?? [],
  });
};
state.reset();

const cookieKeys = [randomBytes(32).toString('hex')];
const seconds = (name) => () => state.settings[name];

/** Made anew for each change of keys, over the same storage: sessions and tokens outlive it, as they do a real rotation. */
state.build = () => {
  const provider = new Provider(state.issuer, {
    adapter: adapterOver(state),
    jwks: { keys: state.keys.map((key) => key.jwk) },
    cookies: { keys: cookieKeys },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'tenant_id', 'roles', 'realm_access', 'resource_access'] },
    pkce: { required: () => true },
    ttl: {
      AccessToken: seconds('access_token_seconds'),
      IdToken: seconds('id_token_seconds'),
      RefreshToken: seconds('refresh_token_seconds'),
      AuthorizationCode: 60,
      Interaction: 600,
      Session: 3600,
      Grant: 3600,
    },
    rotateRefreshToken: () => state.settings.rotate_refresh_tokens,
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    extraTokenClaims: (_, token) => (token.accountId ? claimsOf(token.accountId) : undefined),
    findAccount: (_, sub) => (people.has(sub) ? { accountId: sub, claims: () => claimsOf(sub) } : undefined),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: consentOfNobody,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: signedOut },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'api',
          audience: state.settings.audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  const count = (name) => (state.counts[name] = (state.counts[name] ?? 0) + 1);
  provider.on('grant.success', (ctx) => count(ctx.oidc.params.grant_type));
  provider.on('grant.error', (ctx) => count(`refused ${ctx.oidc.params?.grant_type}`));
  provider.on('end_session.success', () => count('end_session'));
  state.provider = provider;
};

/** Whoever signs in agrees: the tests are about the sign-in, and not about a page of the provider's. */
async function consentOfNobody(ctx) {
  const { provider, client, session, result } = ctx.oidc;
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  await grant.save();
  return grant;
}

async function answer(request, response) {
  const url = new URL(request.url, state.issuer);
  const { settings, provider } = state;
  if (url.pathname.startsWith('/interaction/')) return login(provider, request, response);
  if (url.pathname === '/auth' && settings.nonce !== null) {
    url.searchParams.set('nonce', settings.nonce);
    request.url = `${url.pathname}${url.search}`;
  }
  if (url.pathname === '/token') {
    if (settings.token_delay_ms > 0) await new Promise((resolve) => setTimeout(resolve, settings.token_delay_ms));
    if (settings.token_status > 0) return response.writeHead(settings.token_status).end();
  }
  return provider.callback()(request, response);
}

state.server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});

state.server.listen(0, '127.0.0.1');
await once(state.server, 'listening');
state.port = state.server.address().port;
// By name: to a browser that knows the gateway by its number, this is another site.
state.issuer = `http://localhost:${state.port}`;
state.build();

const hand = createServer((request, response) => control(state, request, response)).listen(0, '127.0.0.1');
await once(hand, 'listening');

process.stdin.on('end', () => process.exit(0)).resume();
console.log(`ready ${JSON.stringify({ issuer: state.issuer, control: `http://127.0.0.1:${hand.address().port}` })}`);
