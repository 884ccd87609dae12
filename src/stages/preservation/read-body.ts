/** The SQL of a policy, a view, a function → what it asks beside rows, what it sets going, and which functions it calls. */
import { findCallOut } from '../find-calls-out.js';
import { type Asked, asks, does, type Finding } from './asked.js';
import type { Procedure } from './judge-calls.js';
import { readsTheNumber } from './numbers-of-objects.js';
import { isGivenThePerson, isGivenTo, isInFigures, isLikeAText, showsASetting } from './read-figures.js';
import {
  isName,
  joinTexts,
  type Mention,
  mentionsIn,
  type Piece,
  readMention,
  readPieces,
  standsAsATable,
} from './read-pieces.js';
import { findInSet, findInSetStatement, findInSetting, findUnset, type Unset } from './read-settings.js';
import { readWriting } from './read-writing.js';
import { answersTheFirst, takesTheFirst } from './takes-the-first.js';
import {
  aPartOfThePerson,
  callsOfRole,
  harmless,
  howFarCounted,
  howItIsShown,
  howMany,
  itsNumber,
  makesAPart,
  namesADay,
  namesSomebody,
  ofInterruption,
  ofMoment,
  ofPlace,
  ofRole,
  ofRow,
  ofSequence,
  theTime,
  theTimeInFigures,
  whatOthersHold,
  whichIsFirst,
  withPrecision,
} from './what-names-tell.js';

export interface Body {
  readonly asks: readonly Asked[];
  /** `writes public.fees`, `notifies listeners`. */
  readonly does: readonly string[];
  /** `schema.name`, or the name alone. */
  readonly calls: readonly string[];
  /** Whatever else it names, in the same way, and what of it stands where tables do. */
  readonly names: readonly string[];
  readonly read: readonly string[];
  /** Its operators and the like, one behind the other, with a space for whatever stands between. */
  readonly signs: string;
  /** Whether it reads the claims of whoever asks, all of them. */
  readonly readsClaims: boolean;
  /** What it makes of a setting that nobody made. */
  readonly unset: Unset;
  /** The parts of JSON that it reads. */
  readonly keys: readonly string[];
  /** Whether it reads rows of anything. */
  readonly readsRows: boolean;
}

/** What Postgres itself has: functions whose answer does not follow from what they are given alone, and its own relations. */
export interface ServersOwn {
  readonly functions: ReadonlySet<string>;
  /** Those of extensions that answer otherwise each time, `schema.name` and the name alone. */
  readonly ofExtensions: ReadonlySet<string>;
  /** Of all its functions, and those of extensions, without their schema. */
  readonly names: ReadonlySet<string>;
  /** By their numbers. */
  readonly procedures: ReadonlyMap<string, Procedure>;
  /** Numbers of types whose values look as the session is set. */
  readonly shownTypes: ReadonlySet<string>;
  readonly relations: ReadonlySet<string>;
  /** Names of types, of extensions' too. */
  readonly types: ReadonlySet<string>;
}

const ofDynamicSql = ['function', 'procedure', 'on'];
const languages = ['sql', 'plpgsql'];
const aPerson = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$|^[^@\s]+@[^@\s]+\.[^@\s]+$/i;
const nobody = /^[0-]+$/;
/** A year of our time, alone or at the beginning of a date; or the day from which seconds are counted. */
const aDate = /(?<!\d)(19|20|21)\d{2}(?!\d)|(?<!\d)(19|20|21)\d{6}(?!\d)|^epoch$/i;

export const hasItsDefiners = "has its definer's rights";

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
    ...readNames(pieces),
    signs: pieces.map(({ kind, text }) => (kind === 'sign' ? text : ' ')).join(''),
    readsClaims: found.some(({ kind }) => kind === 'claims'),
    unset: findUnset(pieces),
    keys: textsOf('key'),
    readsRows: pieces.some((_, at) => beginsTables(pieces, at)),
  };
}

function readNames(pieces: readonly Piece[]): Pick<Body, 'names' | 'read'> {
  const names = new Set<string>();
  const read = new Set<string>();
  for (const { whole, from } of mentionsIn(pieces)) {
    names.add(whole);
    if (standsAsATable(pieces, from)) read.add(whole);
  }
  return { names: [...names], read: [...read] };
}

function* findIn(pieces: readonly Piece[], server: ServersOwn): Generator<Finding> {
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at] as Piece;
    if (piece.kind === 'string') yield* findInString(pieces, at);
    if (!isName(piece)) continue;
    const from = at;
    const mention = readMention(pieces, at);
    at = mention.at;
    const isTime = mention.isWord && withPrecision.includes(mention.name);
    if (pieces[at + 1]?.text === '(' && !isTime && !isNamed(pieces, from, mention))
      yield* findInCall(pieces, mention, server);
    else yield* findInName(pieces, mention, server);
  }
}

function* findInString(pieces: readonly Piece[], at: number): Generator<Finding> {
  const text = pieces[at]?.text ?? '';
  if (aPerson.test(text) && !nobody.test(text)) yield asks('request', namesSomebody);
  if (!isPath(pieces, at)) return;
  for (const key of text.replace(/[{}]/g, '').split(',')) yield { kind: 'key', text: key };
}

/** `references rooms (id)`, `into rooms (id)`, `unnest(tags) as tag (word)`, `using gin (words)`: what stands in parentheses is no argument. */
function isNamed(pieces: readonly Piece[], from: number, { name, isWord }: Mention): boolean {
  const before = pieces[from - 1]?.text ?? '';
  // A policy is `using holds(id)`.
  return (
    /^(references|into|as|\))$/.test(before) || (before === 'using' && isWord && accessMethods.includes(name))
  );
}

const accessMethods = ['btree', 'hash', 'gist', 'spgist', 'gin', 'brin'];

const isServers = ({ schema }: Mention): boolean => schema === null || schema === 'pg_catalog';

function* findInCall(pieces: readonly Piece[], mention: Mention, server: ServersOwn): Generator<Finding> {
  const { schema, name, at } = mention;
  const given = at + 2;
  const moment = ofMoment.get(name);
  if (isServers(mention) && name === 'count') yield asks('moment', howMany);
  if (isServers(mention) && makesAPart.test(name) && isGivenThePerson(pieces, at + 1))
    yield asks('request', aPartOfThePerson);
  if (server.ofExtensions.has(schema === null ? name : `${schema}.${name}`)) yield asks('moment', 'chance');
  if (!isServers(mention) || !server.functions.has(name))
    yield { kind: 'calls', text: schema === null ? name : `${schema}.${name}` };
  else if (moment !== undefined) yield asks('moment', moment);
  else if (name === 'current_setting') yield* findInSetting(pieces, given);
  else if (name === 'set_config') yield* findInSet(pieces[given]);
  else if (name === 'pg_notify') yield does('notifies listeners');
  else if (name === 'setval') yield does('sets a sequence');
  else if (ofRole.includes(name) || callsOfRole.includes(name)) yield asks('request', 'whose rights it has');
  else if (name.startsWith('pg_try_advisory_')) yield asks('moment', whatOthersHold);
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
  else if (name === 'others' && answersYes(pieces, at)) yield asks('moment', whatOthersHold);
  else if (name === 'nowait' || (name === 'skip' && next?.text === 'locked') || ofInterruption.includes(name))
    yield asks('moment', whatOthersHold);
  else if (name === 'execute' && !ofDynamicSql.includes(next?.text ?? ''))
    yield asks('place', 'SQL that it puts together');
  else if (name === 'set' || name === 'reset') yield* findInSetStatement(pieces, at);
  else if (name === 'notify') yield does('notifies listeners');
  else if (
    name === 'language' &&
    isSaidOfFunction(pieces, at) &&
    next !== undefined &&
    !languages.includes(next.text)
  )
    yield asks('place', `what is written in ${next.text}`);
  else if (name === 'definer' && last?.text === 'security') yield does(hasItsDefiners);
  else if (name === 'u' && next?.text === '&') yield asks('place', 'names that it writes in numbers');
  else yield* readWriting(pieces, at).map(does);
}

/** `when others then return true`: whatever a client sets that stops the statement lets them in. */
const answersYes = (pieces: readonly Piece[], at: number): boolean =>
  /^then return true;/.test(
    pieces
      .slice(at + 1, at + 5)
      .map(({ text }) => text)
      .join(' ')
      .replace(' ;', ';'),
  );

/** Not `is distinct from`, `extract(year from now())`. */
function beginsTables(pieces: readonly Piece[], at: number): boolean {
  if (pieces[at]?.kind !== 'word' || pieces[at]?.text !== 'from' || pieces[at - 1]?.text === 'distinct')
    return false;
  return !takesFrom.some((name) => isGivenTo(pieces, at - 1, name));
}

const takesFrom = ['extract', 'substring', 'trim', 'overlay'];

/** Before its body; a column may be called so. */
function isSaidOfFunction(pieces: readonly Piece[], at: number): boolean {
  const before = pieces.slice(0, at).map(({ kind, text }) => (kind === 'word' ? text : ''));
  return !before.includes('as') && (before.includes('returns') || before.includes('procedure'));
}

/** What no single place of it tells. */
function* asksOfTheWhole(text: string, pieces: readonly Piece[], asked: readonly Asked[]): Generator<Asked> {
  const holdsADay = pieces.some((piece) => piece.kind === 'string' && aDate.test(piece.text));
  if (holdsADay && asked.some(({ what }) => what === theTime)) yield { of: 'place', what: namesADay };
  if (asked.some(({ what }) => what === theTime) && isInFigures(pieces))
    yield { of: 'moment', what: theTimeInFigures };
  else if (showsASetting(pieces)) yield { of: 'moment', what: howItIsShown };
  if (isAFunction.test(text) && (takesTheFirst(pieces) || answersTheFirst(text)))
    yield { of: 'moment', what: whichIsFirst };
  if (readsTheNumber(pieces)) yield { of: 'place', what: itsNumber };
  if (isLikeAText(pieces)) yield { of: 'request', what: aPartOfThePerson };
  const out = findCallOut(text);
  if (out !== null) yield { of: 'outside', what: out };
}

/** What is said of a function begins with its owner and its arguments. Of a policy and a view the nodes tell it. */
const isAFunction = /(^|\s)create or replace (function|procedure)\s/i;

/** `-> 'email'`, `#>> '{app_metadata,role}'`, `? 'email'`. */
function isPath(pieces: readonly Piece[], at: number): boolean {
  return /[-#]>>?$|[?@]>?$|jsonb?_extract_path(_text)?\(\w*$/.test(joinTexts(pieces, at - 3, at));
}
