/** The SQL of a policy, a view, a function → what it asks beside rows, what it sets going, and which functions it calls. */
import { findCallOut } from '../find-calls-out.js';
import { isName, type Mention, type Piece, readMention, readPieces } from './read-pieces.js';
import { readWriting } from './read-writing.js';
import {
  harmless,
  howFarCounted,
  howMany,
  ofMoment,
  ofPlace,
  ofRole,
  ofRow,
  ofSequence,
  theTime,
  withPrecision,
} from './what-names-tell.js';

/**
 * `place`: the server, the client, the engine, or nobody knows what. `request`: what other requests may say. `moment`: the time, or
 * chance. `outside`: it reaches out of the database.
 */
export interface Asked {
  readonly of: 'place' | 'request' | 'moment' | 'outside';
  readonly what: string;
}

export interface Body {
  readonly asks: readonly Asked[];
  /** `writes public.fees`, `notifies listeners`. */
  readonly does: readonly string[];
  /** `schema.name`, or the name alone. */
  readonly calls: readonly string[];
  /** Whether it reads the claims of whoever asks, all of them. */
  readonly readsClaims: boolean;
  /** The parts of JSON that it reads. */
  readonly keys: readonly string[];
}

/** What Postgres itself has: functions whose answer does not follow from what they are given alone, and its own relations. */
export interface ServersOwn {
  readonly functions: ReadonlySet<string>;
  readonly relations: ReadonlySet<string>;
}

/** What one place of a body tells. */
type Finding =
  | { readonly kind: 'asks'; readonly asked: Asked }
  | { readonly kind: 'does' | 'calls' | 'key'; readonly text: string }
  | { readonly kind: 'claims' };

const asks = (of: Asked['of'], what: string): Finding => ({ kind: 'asks', asked: { of, what } });
const does = (text: string): Finding => ({ kind: 'does', text });

const ofDynamicSql = ['function', 'procedure', 'on'];
const languages = ['sql', 'plpgsql'];
/** Those of whom a token says that it is they, and what every token says: tried. */
const triedClaims = ['sub', 'role', 'aud', 'iss', 'iat', 'exp'];

const aPerson = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$|^[^@\s]+@[^@\s]+\.[^@\s]+$/i;
const nobody = /^[0-]+$/;
const aDate = /^\d{4}-\d{2}-\d{2}/;

export const hasItsDefiners = "has its definer's rights";
export const namesSomebody = 'whether it is somebody whom its text names';

export function readBody(text: string, server: ServersOwn): Body {
  const pieces = readPieces(text);
  const found = [...findIn(pieces, server)];
  const asked = found.flatMap((one) => (one.kind === 'asks' ? one.asked : []));
  const textsOf = (kind: 'does' | 'calls' | 'key') =>
    found.flatMap((one) => (one.kind === kind ? one.text : []));
  return {
    asks: [...asked, ...asksOfTheWhole(text, pieces, asked)],
    does: [...new Set(textsOf('does'))],
    calls: [...new Set(textsOf('calls'))],
    readsClaims: found.some(({ kind }) => kind === 'claims'),
    keys: textsOf('key'),
  };
}

/** What a claim of the token says is known of those who are tried, but not of others. */
export function asksForClaims(keys: readonly string[]): Asked[] {
  return keys
    .map((key) => key.trim())
    .filter((key) => !triedClaims.includes(key) && !/^\d*$/.test(key))
    .map((key) => ({ of: 'request', what: `the claim ${key}` }));
}

function* findIn(pieces: readonly Piece[], server: ServersOwn): Generator<Finding> {
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at] as Piece;
    if (piece.kind === 'string') yield* findInString(pieces, at);
    if (!isName(piece)) continue;
    const mention = readMention(pieces, at);
    at = mention.at;
    const isTime = mention.isWord && withPrecision.includes(mention.name);
    if (pieces[at + 1]?.text === '(' && !isTime) yield* findInCall(pieces, mention, server);
    else yield* findInName(pieces, mention, server);
  }
}

function* findInString(pieces: readonly Piece[], at: number): Generator<Finding> {
  const text = pieces[at]?.text ?? '';
  if (aPerson.test(text) && !nobody.test(text)) yield asks('request', namesSomebody);
  if (!isPath(pieces, at)) return;
  for (const key of text.replace(/[{}]/g, '').split(',')) yield { kind: 'key', text: key };
}

const isServers = ({ schema }: Mention): boolean => schema === null || schema === 'pg_catalog';

function* findInCall(pieces: readonly Piece[], mention: Mention, server: ServersOwn): Generator<Finding> {
  const { schema, name, at } = mention;
  const given = at + 2;
  const moment = ofMoment.get(name);
  if (isServers(mention) && name === 'count') yield asks('moment', howMany);
  if (!isServers(mention) || !server.functions.has(name))
    yield { kind: 'calls', text: schema === null ? name : `${schema}.${name}` };
  else if (moment !== undefined) yield asks('moment', moment);
  else if (name === 'current_setting') yield* findInSetting(pieces, given);
  else if (name === 'set_config') yield* findInSet(pieces[given]);
  else if (name === 'pg_notify') yield does('notifies listeners');
  else if (name === 'setval') yield does('sets a sequence');
  else if (ofRole.includes(name)) yield asks('request', 'whose rights it has');
  else if (!harmless.test(name)) yield asks('place', name);
}

function* findInName(pieces: readonly Piece[], mention: Mention, server: ServersOwn): Generator<Finding> {
  const { schema, name } = mention;
  if (schema === 'information_schema' || (isServers(mention) && server.relations.has(name))) {
    yield asks('place', `the catalog ${name}`);
    return;
  }
  if (ofSequence.includes(name)) yield asks('moment', howFarCounted);
  if (ofRow.includes(name) && (schema !== null || name !== 'xmax')) yield asks('place', `${name} of a row`);
  if (mention.isWord) yield* findInWord(pieces, mention);
}

function* findInWord(pieces: readonly Piece[], { name, at }: Mention): Generator<Finding> {
  const [last, next] = [pieces[at - 1], pieces[at + 1]];
  const moment = ofMoment.get(name);
  if (ofPlace.includes(name)) yield asks('place', name);
  else if (ofRole.includes(name)) yield asks('request', 'whose rights it has');
  else if (moment !== undefined) yield asks('moment', moment);
  else if (name === 'execute' && !ofDynamicSql.includes(next?.text ?? ''))
    yield asks('place', 'SQL that it puts together');
  else if (name === 'notify') yield does('notifies listeners');
  else if (name === 'language' && next !== undefined && !languages.includes(next.text))
    yield asks('place', `what is written in ${next.text}`);
  else if (name === 'definer' && last?.text === 'security') yield does(hasItsDefiners);
  else if (name === 'u' && next?.text === '&') yield asks('place', 'names that it writes in numbers');
  else yield* readWriting(pieces, at).map(does);
}

const unknownSetting = asks('place', 'a setting whose name it puts together');

function* findInSetting(pieces: readonly Piece[], at: number): Generator<Finding> {
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

function* findInSet(name: Piece | undefined): Generator<Finding> {
  if (name?.kind !== 'string') {
    yield unknownSetting;
    return;
  }
  // Whoever sets these is somebody else for all that is asked afterwards.
  if (/^(request\.|role$|session_authorization$|row_security$|search_path$)/i.test(name.text))
    yield asks('request', `what it sets itself, ${name.text.toLowerCase()}`);
  yield does(`sets ${name.text}`);
}

/** What no single place of it tells. */
function* asksOfTheWhole(text: string, pieces: readonly Piece[], asked: readonly Asked[]): Generator<Asked> {
  const namesADay = pieces.some((piece) => piece.kind === 'string' && aDate.test(piece.text));
  if (namesADay && asked.some(({ what }) => what === theTime))
    yield { of: 'place', what: 'whether a day that its text names has come' };
  const out = findCallOut(text);
  if (out !== null) yield { of: 'outside', what: out };
}

/** `-> 'email'`, `#>> '{app_metadata,role}'`, `? 'email'`. */
function isPath(pieces: readonly Piece[], at: number): boolean {
  const before = pieces
    .slice(Math.max(0, at - 3), at)
    .map(({ text }) => text)
    .join('');
  return /[-#]>>?$|[?@]>?$|jsonb?_extract_path(_text)?\(\w*$/.test(before);
}
