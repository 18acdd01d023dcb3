import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { newKey, signed } from './keys.mjs';
import { people } from './people.mjs';

const handlers = {
  /** As it was at the start, but for the keys, the redirect addresses and who is signed in. */
  'POST /reset': (state) => state.reset(),

  'POST /settings': (state, body) => Object.assign(state.settings, body),

  /** A new key signs; the old one is still published, or not any more. */
  'POST /rotate': (state, { keep_old }) => {
    state.keys = [newKey(), ...(keep_old ? state.keys : [])];
    state.build();
    return { kid: state.keys[0].kid };
  },

  /** The issuer's port closes, with every connection, or opens again. */
  'POST /away': async (state, { away }) => {
    if (away) {
      const closed = once(state.server, 'close');
      state.server.close();
      state.server.closeAllConnections();
      await closed;
    } else {
      state.server.listen(state.port, '127.0.0.1');
      await once(state.server, 'listening');
    }
  },

  /** Other claims for a person; null for somebody who is not known any more. */
  'POST /people': (_, { name, claims }) => people.change(name, claims),

  /** A client's metadata, over what it has. */
  'POST /clients': (state, metadata) => {
    const { redirect_uris = [], post_logout_redirect_uris = [], ...rest } = metadata;
    const known = state.clients.get(metadata.client_id) ?? {};
    state.clients.set(metadata.client_id, {
      ...known,
      ...rest,
      redirect_uris: [...(known.redirect_uris ?? []), ...redirect_uris],
      post_logout_redirect_uris: [...(known.post_logout_redirect_uris ?? []), ...post_logout_redirect_uris],
    });
  },

  /** A token of any claims, signed by the present key; `strange` for a key that is nowhere published. */
  'POST /sign': (state, { header, payload, strange }) => {
    const [key] = strange ? [newKey()] : state.keys;
    return { token: signed({ alg: 'RS256', typ: 'JWT', kid: state.keys[0].kid, ...header }, payload, key) };
  },

  'GET /counts': (state) => state.counts,
};

export async function control(state, request, response) {
  try {
    const handler = handlers[`${request.method} ${request.url}`];
    if (!handler) return response.writeHead(404).end();
    const result = await handler(state, request.method === 'POST' ? await json(request) : undefined);
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? {}));
  } catch (error) {
    return response.writeHead(500).end(String(error));
  }
}
