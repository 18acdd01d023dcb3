import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

/** RSA, as most issuers have it. */
export function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
}

const part = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');

/** A token of whatever is asked for: what an attacker, or a careless issuer, would send. */
export function signed(header, payload, key) {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`;
}
