/** The nodes of a policy, a rule or a view → what it asks of who is there, of the time and of the session, wherever the value of it goes. */
import type { Asked } from './asked.js';
import {
  boolean,
  bytesOf,
  fieldOf,
  isNode,
  type Node,
  readNodes,
  textOf,
  typeOf,
  type Value,
  wordOf,
} from './read-nodes.js';
import {
  allOfTheToken,
  aPartOfThePerson,
  howItIsShown,
  namesADay,
  namesSomebody,
} from './what-names-tell.js';

/**
 * What a value is made of. `person`: who asks, whole; `part`: a part of it, or whatever is computed from it; `claims`: all that the
 * token says; `time`: the time; `shown`: a time or the like as the session shows or reads it; `rows`: what rows hold; `nothing`: a constant
 * that is null or empty.
 */
type Origin = 'person' | 'part' | 'role' | 'claims' | 'time' | 'shown' | 'rows' | 'nothing';
type Origins = ReadonlySet<Origin>;

export interface Procedure {
  readonly schema: string;
  readonly name: string;
  /** `i`, `s` or `v`. */
  readonly volatility: string;
  readonly isOfExtension: boolean;
}

/** What a function of the application answers, as its text says. */
export type Answer = 'person' | 'role' | 'claims' | 'rows' | 'nothing';

export interface Surroundings {
  /** By their numbers. */
  readonly procedures: ReadonlyMap<string, Procedure>;
  /** Numbers of types whose values look as the session is set. */
  readonly shownTypes: ReadonlySet<string>;
  /** By `schema.name`. */
  readonly answering: (name: string) => Answer;
  /** Settings that some of the people bring along. */
  readonly settings: readonly string[];
}

interface Scope {
  /** The lists of the queries around it, the innermost first. */
  readonly tables: readonly (readonly Value[])[];
  readonly queries: readonly Node[];
  readonly caseTest: Origins;
  readonly param: Origins;
}

const none: Origins = new Set();
const of = (...origins: Origin[]): Origins => new Set(origins);
const union = (all: readonly Origins[]): Origins => new Set(all.flatMap((one) => [...one]));
const without = (origins: Origins, ...left: Origin[]): Origins =>
  new Set([...origins].filter((one) => !left.includes(one)));

const systemColumns: Readonly<Record<string, string>> = {
  '-1': 'ctid',
  '-2': 'xmin',
  '-3': 'cmin',
  '-4': 'xmax',
  '-5': 'cmax',
  '-6': 'tableoid',
};
const times = ['1184', '1114', '1082', '1083', '1266'];
const texts = ['25', '1043', '1042', '19'];
const tellsTheTime = /^(now|(transaction|statement|clock)_timestamp|timeofday)$/;
/** They count days by the zone of the session, which is an hour at most where the clocks are put forward or back. */
const countsDays = /^(age|timestamptz_(pl|mi)_interval|interval_pl_timestamptz)$/;
const compares =
  /(?<!regex)(eq|ne)$|^(array_?contain(s|ed)|arrayoverlap|jsonb_(contain(s|ed)|exists(_any|_all)?)|array_position)$/;
const isLike = /^(text|bpchar|name)i?c?(like|nlike|regexeq|icregexeq)$|^starts_with$/;
const keeps =
  /^(lower|upper|btrim|text|textcat|anytextcat|textanycat|concat|concat_ws|format|to_jsonb?|jsonb?_build_(object|array)|array_(append|prepend|cat))$/;
const takesAKey = /^jsonb?_object_field(_text)?$/;

export function followValues(tree: string, around: Surroundings): Asked[] {
  const asked: Asked[] = [];
  const ask = (of: Asked['of'], what: string) => {
    asked.push({ of, what });
  };

  /** What queries hold that stand in the place of tables. */
  const inPlaceOfTables = new Map<Node, Origins>();

  const look = (value: Value | undefined, scope: Scope): Origins => {
    if (value === undefined || typeof value === 'string') return none;
    if (!isNode(value)) return union(value.map((one) => look(one, scope)));
    return lookAt(value, scope);
  };

  const lookAt = (node: Node, scope: Scope): Origins => {
    const field = (name: string) => look(node.fields.get(name), scope);
    switch (node.tag) {
      case 'VAR':
        return lookAtColumn(node, scope);
      case 'CONST':
        return isNothing(node) ? of('nothing') : none;
      case 'PARAM':
        return scope.param;
      case 'CASETESTEXPR':
        return scope.caseTest;
      case 'CASEEXPR': {
        const within = { ...scope, caseTest: field('arg') };
        return union([look(node.fields.get('args'), within), look(node.fields.get('defresult'), within)]);
      }
      case 'CASEWHEN':
        field('expr');
        return field('result');
      case 'ARRAYCOERCEEXPR':
        return look(node.fields.get('elemexpr'), { ...scope, caseTest: field('arg') });
      case 'SUBLINK': {
        const answer = field('subselect');
        look(node.fields.get('testexpr'), { ...scope, param: answer });
        return ['0', '1', '2'].includes(wordOf(node, 'subLinkType')) ? none : answer;
      }
      case 'QUERY':
        return lookAtQuery(node, scope);
      case 'FUNCEXPR':
        return lookAtCall(node, wordOf(node, 'funcid'), scope);
      case 'OPEXPR':
      case 'DISTINCTEXPR':
      case 'NULLIFEXPR':
      case 'SCALARARRAYOPEXPR':
        return lookAtCall(node, wordOf(node, 'opfuncid'), scope);
      case 'COERCEVIAIO':
        return lookAtCast(node, scope);
      case 'NULLTEST':
        judge(without(field('arg'), 'claims', 'time'), []);
        return none;
      case 'BOOLEXPR':
        field('args');
        return none;
      case 'AGGREF':
      case 'WINDOWFUNC':
        return union([without(field('args'), 'nothing'), of('rows')]);
      case 'SQLVALUEFUNCTION':
        return lookAtWord(Number(wordOf(node, 'op')));
      case 'ROWCOMPAREEXPR':
        judge(withPart(union([field('largs'), field('rargs')])), []);
        return none;
      default:
        return union([...node.fields.values()].map((values) => look(values, scope)));
    }
  };

  const lookAtColumn = (node: Node, scope: Scope): Origins => {
    const column = systemColumns[wordOf(node, 'varattno')];
    if (column !== undefined) ask('place', `${column} of a row`);
    const up = Number(wordOf(node, 'varlevelsup'));
    const table = scope.tables[up]?.[Number(wordOf(node, 'varno')) - 1];
    if (!isNode(table) || wordOf(table, 'rtekind') === '0') return of('rows');
    const known = inPlaceOfTables.get(table);
    if (known !== undefined) return known;
    // One that asks itself.
    inPlaceOfTables.set(table, none);
    const outside = { ...scope, tables: scope.tables.slice(up), queries: scope.queries.slice(up) };
    const query = outside.queries[Number(wordOf(table, 'ctelevelsup'))];
    const isNamedBefore = wordOf(table, 'rtekind') === '6' && query !== undefined;
    const found = quietly(() =>
      look(isNamedBefore ? query.fields.get('cteList') : [...table.fields.values()].flat(), outside),
    );
    inPlaceOfTables.set(table, found);
    return found;
  };

  /** What is asked there is asked where it is written. */
  const quietly = (work: () => Origins): Origins => {
    const length = asked.length;
    const found = work();
    asked.length = length;
    return found;
  };

  const lookAtQuery = (node: Node, scope: Scope): Origins => {
    const tables = fieldOf(node, 'rtable');
    const own = Array.isArray(tables) ? tables : [];
    const within = { ...scope, tables: [own, ...scope.tables], queries: [node, ...scope.queries] };
    let answer = none;
    for (const [name, values] of node.fields) {
      const found = look(values, within);
      if (name === 'targetList') answer = found;
      if (/^limit(Count|Offset)$/.test(name)) judge(withPart(found), []);
    }
    return own.some((table) => isNode(table) && wordOf(table, 'rtekind') === '0')
      ? union([answer, of('rows')])
      : answer;
  };

  const lookAtWord = (op: number): Origins => {
    if (op > 8) return none;
    return op === 0 || op === 3 || op === 4 ? of('time') : of('time', 'shown');
  };

  const isShown = (node: Value): boolean => isNode(node) && around.shownTypes.has(typeOf(node));

  const lookAtCast = (node: Node, scope: Scope): Origins => {
    const given = fieldOf(node, 'arg');
    const origins = look(given, scope);
    const [from, to] = [isNode(given) ? typeOf(given) : '', wordOf(node, 'resulttype')];
    const shown = texts.includes(to)
      ? around.shownTypes.has(from)
      : times.includes(to) && texts.includes(from);
    const all = shown ? union([origins, of('shown')]) : origins;
    if (to !== boolean) return all;
    judge(withPart(all), []);
    return none;
  };

  const lookAtCall = (node: Node, number: string, scope: Scope): Origins => {
    const list = fieldOf(node, 'args');
    const args = Array.isArray(list) ? (list as readonly Value[]) : [];
    const given = args.map((one) => look(one, scope));
    const called = around.procedures.get(number);
    if (called === undefined) return union(given);
    if (called.schema !== 'pg_catalog' && !called.isOfExtension) {
      const answer = callOwn(called, given);
      return typeOf(node) === boolean ? none : answer;
    }
    if (called.name === 'current_setting') return readSetting(args[0]);
    if (tellsTheTime.test(called.name)) return of('time');
    if (takesAKey.test(called.name) && given[0]?.has('claims')) return readClaim(args[1]);
    const all = union([
      callServers(called, { node, args, given }),
      isShownBy(called, node, { args, given }) ? of('shown') : none,
    ]);
    if (typeOf(node) !== boolean && node.tag !== 'NULLIFEXPR') return all;
    judge(all, given);
    return node.tag === 'NULLIFEXPR' ? (given[0] ?? none) : none;
  };

  /** A function of the application. */
  const callOwn = ({ schema, name }: Procedure, given: readonly Origins[]): Origins => {
    const answers = around.answering(`${schema}.${name}`);
    if (given.length === 0) return answers === 'nothing' ? none : of(answers);
    const all = union(given);
    // What answers by who it is alone answers alike for many.
    const isAlone = all.has('person') && !all.has('rows') && answers !== 'rows';
    judge(isAlone ? withPart(all) : without(all, 'time'), []);
    return of('rows');
  };

  const callServers = (
    { name }: Procedure,
    {
      node,
      args,
      given,
    }: { readonly node: Node; readonly args: readonly Value[]; readonly given: readonly Origins[] },
  ): Origins => {
    const all = union(given);
    if (!all.has('person')) return without(all, 'nothing');
    const isCast = ['1', '2'].includes(wordOf(node, 'funcformat'));
    if (isCast || (keeps.test(name) && (name !== 'btrim' || args.length === 1)))
      return without(all, 'nothing');
    if (isLike.test(name) && !given[0]?.has('person') && given[0]?.has('rows')) return without(all, 'person');
    if (!compares.test(name)) return withPart(all);
    const others = given.filter((one) => !one.has('person'));
    const isByRows =
      others.length < given.length - 1 || others.some((one) => one.has('rows') || one.has('nothing'));
    if (!isByRows) ask('request', namesSomebody);
    return without(all, 'person');
  };

  const isShownBy = (
    { name, volatility }: Procedure,
    node: Node,
    { args, given }: { readonly args: readonly Value[]; readonly given: readonly Origins[] },
  ): boolean => {
    if (volatility !== 's' || countsDays.test(name)) return false;
    // As current_date is.
    if (name === 'date' && given[0]?.has('time') && !given[0].has('rows')) return false;
    if (name === 'to_char' && isWrittenOut(args)) return false;
    return args.some(isShown) || times.includes(typeOf(node));
  };

  const readSetting = (name: Value | undefined): Origins => {
    const setting = isNode(name) ? (textOf(name)?.toLowerCase() ?? '') : '';
    if (setting === 'request.jwt.claims') return of('claims');
    if (setting === 'request.jwt.claim.role') return of('role');
    return setting === 'request.jwt.claim.sub' || around.settings.includes(setting) ? of('person') : none;
  };

  /** What another claim says is found where it is named. */
  const readClaim = (key: Value | undefined): Origins => {
    const name = isNode(key) ? textOf(key) : null;
    if (name === null) return of('claims');
    return name === 'sub' ? of('person') : name === 'role' ? of('role') : none;
  };

  /** Where something is decided by a value. */
  const judge = (origins: Origins, given: readonly Origins[]): void => {
    if (origins.has('part')) ask('request', aPartOfThePerson);
    if (origins.has('shown')) ask('moment', howItIsShown);
    if (origins.has('claims') && !given.some((one) => one.has('nothing') && !one.has('claims')))
      ask('request', allOfTheToken);
    if (origins.has('time') && !origins.has('rows')) ask('place', namesADay);
  };

  look(readNodes(tree), { tables: [], queries: [], caseTest: none, param: of('rows') });
  return asked;
}

const withPart = (origins: Origins): Origins =>
  origins.has('person') ? union([without(origins, 'person'), of('part')]) : origins;

/** A time without a zone, in figures: in no language, and in no zone of a session's. */
function isWrittenOut([time, pattern]: readonly Value[]): boolean {
  const written = isNode(pattern) ? textOf(pattern) : null;
  return isNode(time) && typeOf(time) === '1114' && written !== null && !/tm|[^-\d\s:.,/a-z]/i.test(written);
}

/** Null, an empty text, or the id of nobody. */
function isNothing(node: Node): boolean {
  const bytes = bytesOf(node);
  if (bytes === null) return true;
  return texts.includes(typeOf(node))
    ? bytes.length <= 4
    : typeOf(node) === '2950' && bytes.every((byte) => byte === 0);
}
