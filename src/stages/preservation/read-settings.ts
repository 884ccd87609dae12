/** Where the SQL of an object reads or sets a setting → what that asks, the claims of whoever is there among it. */
import { type Asked, asks, does, type Finding } from './asked.js';
import { callsAround, readParentheses } from './read-figures.js';
import { joinTexts, type Piece, readMention } from './read-pieces.js';
import { allOfTheToken, makesAPart } from './what-names-tell.js';

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
  if (setting === 'request.jwt.claims') {
    yield { kind: 'claims' };
    if (isReadAsAText(pieces, at)) yield asks('request', allOfTheToken);
  } else if (claim !== undefined) yield* asksForClaims([claim]).map(({ of, what }) => asks(of, what));
  else if (setting === 'role') yield asks('request', 'whose rights it has');
  else yield asks(setting.includes('.') ? 'request' : 'place', `the setting ${setting}`);
}

/** Of a text of SQL: whether a setting stands there as null where nobody made it; and whether something is decided by that. */
export interface Unset {
  readonly isRead: boolean;
  readonly decides: boolean;
}

/** `nullif(current_setting('app.user', true), '')` is null either way. */
export function findUnset(pieces: readonly Piece[]): Unset {
  const raw = pieces
    .flatMap((piece, at) => (piece.text === 'current_setting' ? [at] : []))
    .filter((at) => {
      const given = readParentheses(pieces, at + 1);
      const isMissing = given[2]?.text === ',' && !/^f/.test(given[3]?.text ?? '');
      return isMissing && given[1]?.text.includes('.') && !callsAround(pieces, at - 1).includes('nullif');
    });
  const isInstead = raw.some((at) => {
    const rest = pieces.slice(at + 1 + readParentheses(pieces, at + 1).length);
    const next = rest[rest.findIndex(({ text }) => text === ',') + 1];
    const isBlank = next?.kind === 'string' && next.text === '';
    return callsAround(pieces, at - 1)[0] === 'coalesce' && !isBlank;
  });
  const has = (word: string) => pieces.some(({ kind, text }) => kind === 'word' && text === word);
  const decidesOtherwise = pieces.some((piece, at) => {
    if (piece.kind !== 'word' || piece.text !== 'is') return false;
    const [one, two] = [pieces[at + 1]?.text, pieces[at + 2]?.text];
    if (one === 'not' && two === 'null') return has('if') || has('case');
    return one !== 'true' && one !== 'false' && one !== 'document';
  });
  return { isRead: raw.length > 0, decides: raw.length > 0 && (isInstead || decidesOtherwise) };
}

const looksInto = /^(like|ilike|similar|!|~|<|>)$/;

/** `current_setting('request.jwt.claims', true) like '%gold%'`, `length(current_setting('request.jwt.claims'))`. */
function isReadAsAText(pieces: readonly Piece[], at: number): boolean {
  const open = at - 1;
  if (callsAround(pieces, open - 1).some((name) => makesAPart.test(name))) return true;
  const rest = pieces.slice(open + readParentheses(pieces, open).length);
  const next = rest.find(({ kind, text }) =>
    kind === 'string' ? text !== '' : !/^([),:]|text|not)$/.test(text),
  );
  return next !== undefined && next.kind !== 'string' && looksInto.test(next.text);
}

/** Whoever sets these is somebody else, or where else, for all that is asked afterwards. */
const setsWhoItIs = /^(role|session[_ ]authorization|row_security|request\..+)$/;
/** They take time or memory, and change no answer. */
const setsNoAnswer =
  /^(\w+_timeout|\w*work_mem|enable_\w+|jit\w*|plan_cache_mode|client_min_messages|log_\w+|application_name|constraints)$/;

export function* findInSet(name: Piece | undefined): Generator<Finding> {
  if (name?.kind !== 'string') {
    yield unknownSetting;
    return;
  }
  const setting = name.text.toLowerCase();
  if (!setsNoAnswer.test(setting)) yield setsItself(setting);
  yield does(`sets ${name.text}`);
}

const setsItself = (setting: string): Finding => asks('request', `what it sets itself, ${setting}`);

/**
 * `set local role x` in a body holds for all that comes after it; what a function sets for itself, `language sql set search_path = ''`,
 * while it runs. `update members set role = 'x'` is neither.
 */
export function* findInSetStatement(pieces: readonly Piece[], at: number): Generator<Finding> {
  const setting = readSetting(pieces, at);
  if (
    beginsAStatement(pieces, at)
      ? !setsNoAnswer.test(setting)
      : isOfFunction(pieces, at) && setsWhoItIs.test(setting)
  )
    yield setsItself(setting);
}

function readSetting(pieces: readonly Piece[], at: number): string {
  const [first, second] = pieces.slice(at + 1, at + 3).map(({ text }) => text);
  const from = first === 'local' || (first === 'session' && second !== 'authorization') ? at + 2 : at + 1;
  const named = joinTexts(pieces, from, readMention(pieces, from).at + 1).toLowerCase();
  return named === 'session' ? 'session authorization' : named;
}

const beforeStatements = [';', 'begin', 'then', 'else', 'loop', 'as', '>'];

const beginsAStatement = (pieces: readonly Piece[], at: number): boolean =>
  at === 0 || (pieces[at - 1]?.kind !== 'name' && beforeStatements.includes(pieces[at - 1]?.text ?? ''));

/** Whether it stands before the body, behind what the function is written in. */
function isOfFunction(pieces: readonly Piece[], at: number): boolean {
  const before = pieces.slice(0, at).flatMap(({ kind, text }) => (kind === 'word' ? [text] : []));
  return before.includes('language') && !before.slice(before.lastIndexOf('language')).includes('as');
}
