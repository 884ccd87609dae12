/** Where the SQL of an object reads or sets a setting → what that asks, the claims of whoever is there among it. */
import { type Asked, asks, does, type Finding } from './asked.js';
import { isName, joinTexts, type Piece, readMention } from './read-pieces.js';

/** Those of whom a token says that it is they, and what every token says: tried. */
const triedClaims = ['sub', 'role', 'aud', 'iss', 'iat', 'exp'];

/** What a claim of the token says is known of those who are tried, but not of others. */
export function asksForClaims(keys: readonly string[]): Asked[] {
  return keys
    .map((key) => key.trim())
    .filter((key) => !triedClaims.includes(key) && !/^\d*$/.test(key))
    .map((key) => ({ of: 'request', what: `the claim ${key}` }));
}

const unknownSetting = asks('place', 'a setting whose name it puts together');

export function* findInSetting(pieces: readonly Piece[], at: number): Generator<Finding> {
  const [name, end] = [pieces[at], pieces[at + 1]];
  if (name?.kind !== 'string' || !/^[,):]$/.test(end?.text ?? '')) {
    yield unknownSetting;
    return;
  }
  const setting = name.text.toLowerCase();
  const claim = /^request\.jwt\.claim\.(.+)$/.exec(setting)?.[1];
  if (setting === 'request.jwt.claims') yield { kind: 'claims' };
  else if (claim !== undefined) yield* asksForClaims([claim]).map(({ of, what }) => asks(of, what));
  else if (setting === 'role') yield asks('request', 'whose rights it has');
  else yield asks(setting.includes('.') ? 'request' : 'place', `the setting ${setting}`);
}

export function* findInSet(name: Piece | undefined): Generator<Finding> {
  if (name?.kind !== 'string') {
    yield unknownSetting;
    return;
  }
  // Whoever sets these is somebody else for all that is asked afterwards.
  if (/^(request\.|role$|session_authorization$|row_security$|search_path$)/i.test(name.text))
    yield asks('request', `what it sets itself, ${name.text.toLowerCase()}`);
  yield does(`sets ${name.text}`);
}

const setsWhoItIs = /^(role|session authorization|row_security|request\..+)$/;

/** `set local role x`, also of the function itself; not `update members set role = 'x'`. */
export function* findInSetStatement(pieces: readonly Piece[], at: number): Generator<Finding> {
  if (pieces[at]?.text === 'set' && isOfUpdate(pieces, at)) return;
  const first = /^(local|session)$/.test(pieces[at + 1]?.text ?? '') ? at + 2 : at + 1;
  const named = pieces.slice(first, first + 2).some(({ text }) => text === 'authorization')
    ? 'session authorization'
    : joinTexts(pieces, first, readMention(pieces, first).at + 1).toLowerCase();
  if (setsWhoItIs.test(named)) yield asks('request', `what it sets itself, ${named}`);
}

function isOfUpdate(pieces: readonly Piece[], at: number): boolean {
  let last = at - 1;
  while (
    last > 0 &&
    pieces[last]?.text !== 'update' &&
    (isName(pieces[last]) || /^[.*]$/.test(pieces[last]?.text ?? ''))
  )
    last -= 1;
  return pieces[last]?.text === 'update';
}
