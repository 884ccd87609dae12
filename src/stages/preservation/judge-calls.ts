/** A call of a function or operator of the server or of an extension → what its answer is made of. */
import type { Asked } from './asked.js';
import { none, type Origins, of, union, without, withPart } from './origins.js';
import { isNode, type Node, textOf, times, typeOf, type Value, wordOf } from './read-nodes.js';
import { aPartOfThePerson, howItIsCollated, namesSomebody } from './what-names-tell.js';

export interface Procedure {
  readonly schema: string;
  readonly name: string;
  /** `i`, `s` or `v`. */
  readonly volatility: string;
  readonly isOfExtension: boolean;
}

export interface Call {
  readonly called: Procedure;
  readonly node: Node;
  readonly args: readonly Value[];
  /** What each of them is made of. */
  readonly given: readonly Origins[];
}

export type Ask = (of: Asked['of'], what: string) => void;

const tellsTheTime = /^(now|(transaction|statement|clock)_timestamp|timeofday)$/;
/** They count days by the zone of the session, which is an hour at most where the clocks are put forward or back. */
const countsDays = /^(age|timestamptz_(pl|mi)_interval|interval_pl_timestamptz)$/;
const compares =
  /(?<!regex)(eq|ne)$|^(array_?contain(s|ed)|arrayoverlap|jsonb_(contain(s|ed)|exists(_any|_all)?)|array_position)$/;
const isLike = /^(text|bpchar|name)i?c?(like|nlike|regexeq|icregexeq)$|^starts_with$/;
const keeps =
  /^(lower|upper|btrim|text|textcat|anytextcat|textanycat|concat|concat_ws|format|to_jsonb?|jsonb?_build_(object|array)|array_(append|prepend|cat))$/;
const takesAKey = /^jsonb?_object_field(_text)?$/;

/** `ask`: told where one of the people is compared with somebody who is no row's. */
export function judgeCall(
  call: Call,
  {
    shownTypes,
    settings,
    ask,
  }: { readonly shownTypes: ReadonlySet<string>; readonly settings: readonly string[]; readonly ask: Ask },
): Origins {
  const { called, args, given } = call;
  if (called.name === 'current_setting') return readSetting(args, settings);
  if (tellsTheTime.test(called.name)) return of('time');
  if (takesAKey.test(called.name) && given[0]?.has('claims'))
    return readClaim(args[1], given[0].has('unset'));
  if (isCollated(call)) ask('place', howItIsCollated);
  if (sortsByAConstant(call)) ask('moment', howItIsCollated);
  if (called.isOfExtension && called.volatility === 's')
    ask('place', `${called.name}, which an extension brings along`);
  const isShown = isShownBy(call, shownTypes) || asksTheSession(call);
  return union([whatIsLeft(call, ask), isShown ? of('shown') : none]);
}

function whatIsLeft({ called: { name }, node, args, given }: Call, ask: Ask): Origins {
  const all = union(given);
  if (!all.has('person')) return without(all, 'nothing');
  const isCast = ['1', '2'].includes(wordOf(node, 'funcformat'));
  if (isCast || (keeps.test(name) && (name !== 'btrim' || args.length === 1))) return without(all, 'nothing');
  if (isLike.test(name) && !given[0]?.has('person') && given[0]?.has('rows')) {
    // Whoever is called `%` is like everybody; an id is no pattern.
    if (!holdsAnId(args[1])) ask('request', aPartOfThePerson);
    return without(all, 'person');
  }
  if (!compares.test(name)) return withPart(all);
  const others = given.filter((one) => !one.has('person'));
  const isByRows =
    others.length < given.length - 1 || others.some((one) => one.has('rows') || one.has('nothing'));
  if (!isByRows) ask('request', namesSomebody);
  return without(all, 'person');
}

const uuid = '2950';

const holdsAnId = (value: Value | undefined): boolean =>
  isNode(value)
    ? typeOf(value) === uuid || [...value.fields.values()].some(holdsAnId)
    : Array.isArray(value) && value.some(holdsAnId);

/** What is made of constants alone could stand there as a constant: it is otherwise where the session is. */
function asksTheSession({ called: { name, volatility }, node, args, given }: Call): boolean {
  if (volatility !== 's') return false;
  if (byTheSession.test(name) || textSearch.includes(typeOf(node))) return true;
  return args.length > 0 && isOfConstants(given) && !keeps.test(name) && !asksCatalogs.test(name);
}

const byTheSession = /^(jsonb_path_\w+_tz|ts_match_t[tq])$/;
/** Values of tsvector and tsquery, in the language of the session where none is given. */
const textSearch = ['3614', '3615'];
/** Told by their names. */
const asksCatalogs = /^(has_\w+_privilege|pg_has_role|to_reg\w+|pg_get_\w+)$/;

const isOfConstants = (given: readonly Origins[]): boolean =>
  [...union(given)].every((one) => one === 'nothing' || one === 'shown');

/** By the collation of the database, whichever that is. */
function isCollated({ called: { name }, node, given }: Call): boolean {
  return wordOf(node, 'inputcollid') === '100' && isOfConstants(given) && byCollation.test(name);
}

/** What rows hold, or what is made of it, before or behind a word of its text. */
function sortsByAConstant({ called: { name }, node, given }: Call): boolean {
  return (
    wordOf(node, 'inputcollid') === '100' &&
    /(_|text)(lt|le|gt|ge)$/.test(name) &&
    given.some((one) => isOfConstants([one]))
  );
}

const byCollation =
  /(_|text)(lt|le|gt|ge|cmp)$|^(upper|lower|initcap|casefold|bttext\w+)$|regex|like$|^regexp_/;

function isShownBy({ called, node, args, given }: Call, shownTypes: ReadonlySet<string>): boolean {
  const { name, volatility } = called;
  if (volatility !== 's' || countsDays.test(name)) return false;
  // As current_date is.
  if (name === 'date' && given[0]?.has('time') && !given[0].has('rows')) return false;
  if (name === 'to_char' && isWrittenOut(args)) return false;
  return args.some((arg) => isNode(arg) && shownTypes.has(typeOf(arg))) || times.includes(typeOf(node));
}

function readSetting([name, missing]: readonly Value[], settings: readonly string[]): Origins {
  const setting = isNode(name) ? (textOf(name)?.toLowerCase() ?? '') : '';
  const said = readNamed(setting, settings);
  return missing !== undefined && setting.includes('.') ? union([said, of('unset')]) : said;
}

function readNamed(setting: string, settings: readonly string[]): Origins {
  if (setting === 'request.jwt.claims') return of('claims');
  if (setting === 'request.jwt.claim.role') return of('role');
  return setting === 'request.jwt.claim.sub' || settings.includes(setting) ? of('person') : none;
}

/** What another claim says is found where it is named. */
function readClaim(key: Value | undefined, mayBeUnset: boolean): Origins {
  const name = isNode(key) ? textOf(key) : null;
  if (name === null) return of('claims');
  if (name === 'sub') return of('person');
  // Whoever is tried has a role.
  return name === 'role' ? of('role', ...(mayBeUnset ? (['unset'] as const) : [])) : none;
}

/** A time without a zone, in figures: in no language, and in no zone of a session's. */
function isWrittenOut([time, pattern]: readonly Value[]): boolean {
  const written = isNode(pattern) ? textOf(pattern) : null;
  return isNode(time) && typeOf(time) === '1114' && written !== null && !/tm|[^-\d\s:.,/a-z]/i.test(written);
}
