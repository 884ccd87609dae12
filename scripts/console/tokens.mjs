/** Tokens by which a person is known to the data API: JSON web tokens, signed with a secret of this run. */
import { createHmac } from 'node:crypto';
import { personId } from '../people.mjs';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function createToken(name, secret) {
  const claims = { sub: personId(name), role: 'authenticated', aud: 'authenticated', exp: 4_000_000_000 };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Of a token of ours; its signature is not looked at. */
export function readClaims(authorization) {
  const [, claims] = (authorization ?? '').split('.');
  return claims === undefined ? { role: 'anon' } : JSON.parse(Buffer.from(claims, 'base64url').toString());
}
