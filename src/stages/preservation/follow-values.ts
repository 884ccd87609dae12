/** The nodes of a policy, a rule or a view → what it asks of who is there, of the time and of the session, wherever the value of it goes. */
import type { Asked } from './asked.js';
import { type Ask, judgeCall, type Procedure } from './judge-calls.js';
import { none, type Origins, of, union, without, withPart } from './origins.js';
import type { ServersOwn } from './read-body.js';
import {
  boolean,
  bytesOf,
  fieldOf,
  isNode,
  type Node,
  readNodes,
  texts,
  times,
  typeOf,
  type Value,
  wordOf,
} from './read-nodes.js';
import {
  allOfTheToken,
  aPartOfThePerson,
  howItIsShown,
  namesADay,
  neverMade,
  whichIsFirst,
} from './what-names-tell.js';

/** What a function of the application answers, as its text says. */
export type Answer = 'person' | 'role' | 'claims' | 'rows' | 'nothing';

export interface Surroundings extends Pick<ServersOwn, 'procedures' | 'shownTypes'> {
  /** By `schema.name`. */
  readonly answering: (name: string) => Answer;
  /** Whether it answers by a setting that may never have been made. */
  readonly mayBeUnset: (name: string) => boolean;
  /** Settings that some of the people bring along. */
  readonly settings: readonly string[];
}

interface Scope {
  /** The lists of the queries around it, the innermost first. */
  readonly tables: readonly (readonly Value[])[];
  readonly queries: readonly Node[];
  readonly caseTest: Origins;
  readonly param: Origins;
  /** Whether it stands below a `not`. */
  readonly isNegated: boolean;
  /** Whether it is a list of rows that somebody takes one of. */
  readonly isTakenFrom: boolean;
  /** Whether nothing of its rows counts but that there are some. */
  readonly isOfExistence: boolean;
  /** Whether what is unknown there counts as no further out: within `not exists`. */
  readonly isTurned: boolean;
}

const listsRows = /^(string_agg|xmlagg|jsonb?_agg(_strict)?)$/;
const takesOneOfAWindow = /^(first_value|last_value|nth_value|lag|lead|row_number)$/;

/** Whether it is so of one of the nodes there, however deep. */
function someNode(value: Value | readonly Value[] | undefined, isSo: (node: Node) => boolean): boolean {
  if (value === undefined || typeof value === 'string') return false;
  if (!isNode(value as Value)) return (value as readonly Value[]).some((one) => someNode(one, isSo));
  const node = value as Node;
  return isSo(node) || [...node.fields.values()].some((values) => someNode(values, isSo));
}

const systemColumns: Readonly<Record<string, string>> = {
  '-1': 'ctid',
  '-2': 'xmin',
  '-3': 'cmin',
  '-4': 'xmax',
  '-5': 'cmax',
  '-6': 'tableoid',
};

export function followValues(tree: string, around: Surroundings): Asked[] {
  const asked: Asked[] = [];
  const ask: Ask = (of, what) => {
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
        judgeUnset(within.caseTest);
        return union([look(node.fields.get('args'), within), look(node.fields.get('defresult'), within)]);
      }
      case 'CASEWHEN':
        judgeUnset(field('expr'));
        return field('result');
      case 'ARRAYCOERCEEXPR':
        return look(node.fields.get('elemexpr'), { ...scope, caseTest: field('arg') });
      case 'SUBLINK': {
        const turned = {
          ...scope,
          isTurned: scope.isTurned || scope.isNegated,
          isOfExistence: wordOf(node, 'subLinkType') === '0',
        };
        const answer = look(node.fields.get('subselect'), turned);
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
        return lookAtNull(node, scope);
      case 'BOOLEANTEST':
        judgeUnset(field('arg'));
        return none;
      case 'COALESCE':
      case 'COALESCEEXPR':
        return lookAtCoalesce(node, scope);
      case 'ARRAY':
      case 'ARRAYEXPR': {
        // In an array null equals null.
        const elements = field('elements');
        judgeUnset(elements);
        return elements;
      }
      case 'BOOLEXPR': {
        const isNegated = wordOf(node, 'boolop') === 'not' ? !scope.isNegated : scope.isNegated;
        return onlyUnset(look(node.fields.get('args'), { ...scope, isNegated }));
      }
      case 'SUBSCRIPTINGREF': {
        const taken = { ...scope, isTakenFrom: true };
        return union([...node.fields.values()].map((values) => look(values, taken)));
      }
      case 'AGGREF':
      case 'WINDOWFUNC':
        if (isInNoOrder(node, scope)) ask('moment', whichIsFirst);
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
    const within = {
      ...scope,
      tables: [own, ...scope.tables],
      queries: [node, ...scope.queries],
      isOfExistence: false,
    };
    let answer = none;
    if (takesTheFirst(node) && !scope.isOfExistence) ask('moment', whichIsFirst);
    for (const [name, values] of node.fields) {
      const found = look(values, within);
      if (name === 'targetList') answer = found;
      if (/^limit(Count|Offset)$/.test(name)) judge(withPart(found), []);
    }
    return own.some((table) => isNode(table) && wordOf(table, 'rtekind') === '0')
      ? union([answer, of('rows')])
      : answer;
  };

  const nameOfCall = (node: Node, field: string): string =>
    around.procedures.get(wordOf(node, field))?.name ?? '';

  /** Of one that compares nothing for being equal, any row may come. */
  const takesTheFirst = (query: Node): boolean =>
    isNode(fieldOf(query, 'limitCount')) &&
    !Array.isArray(fieldOf(query, 'sortClause')) &&
    !someNode(query.fields.get('jointree'), (one) => /eq$/.test(nameOfCall(one, 'opfuncid')));

  const isInNoOrder = (node: Node, { isTakenFrom, queries }: Scope): boolean => {
    if (node.tag === 'AGGREF') {
      if (Array.isArray(fieldOf(node, 'aggorder'))) return false;
      const name = nameOfCall(node, 'aggfnoid');
      return listsRows.test(name) || (isTakenFrom && name === 'array_agg');
    }
    return (
      takesOneOfAWindow.test(nameOfCall(node, 'winfnoid')) &&
      !someNode(queries[0]?.fields.get('windowClause'), (one) => Array.isArray(fieldOf(one, 'orderClause')))
    );
  };

  const lookAtWord = (op: number): Origins => {
    if (op > 8) return none;
    return op === 0 || op === 3 || op === 4 ? of('time') : of('time', 'shown');
  };

  const lookAtNull = (node: Node, scope: Scope): Origins => {
    const given = look(node.fields.get('arg'), scope);
    judge(without(given, 'claims', 'time'), []);
    const isNull = wordOf(node, 'nulltesttype') === '0';
    if (isNull !== scope.isNegated || scope.isTurned) judgeUnset(given);
    return none;
  };

  /** `coalesce(current_setting('app.user', true), '')` is the same for both. */
  const lookAtCoalesce = (node: Node, scope: Scope): Origins => {
    const list = fieldOf(node, 'args');
    const given = (Array.isArray(list) ? (list as readonly Value[]) : []).map((one) => look(one, scope));
    const others = given.slice(given.findIndex((one) => one.has('unset')) + 1);
    const isBlank = others.every((one) => one.has('nothing') && !one.has('unset'));
    if (!isBlank) judgeUnset(union(given));
    return isBlank ? without(union(given), 'unset') : union(given);
  };

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
    return onlyUnset(all);
  };

  const lookAtCall = (node: Node, number: string, scope: Scope): Origins => {
    const list = fieldOf(node, 'args');
    const args = Array.isArray(list) ? (list as readonly Value[]) : [];
    const given = args.map((one) => look(one, scope));
    const called = around.procedures.get(number);
    if (called === undefined) return union(given);
    if (called.schema !== 'pg_catalog' && !called.isOfExtension) {
      const own = callOwn(called, given);
      const answer = around.mayBeUnset(`${called.schema}.${called.name}`) ? union([own, of('unset')]) : own;
      return typeOf(node) === boolean ? onlyUnset(answer) : answer;
    }
    const all = judgeCall({ called, node, args, given }, { ...around, ask });
    if (typeOf(node) !== boolean && node.tag !== 'NULLIFEXPR') return all;
    judge(all, given);
    if (node.tag === 'NULLIFEXPR') {
      const first = given[0] ?? none;
      return given[1]?.has('nothing') ? without(first, 'unset') : first;
    }
    if (node.tag === 'DISTINCTEXPR' || scope.isTurned) judgeUnset(all);
    return node.tag === 'DISTINCTEXPR' ? none : onlyUnset(all);
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

  /** Where null decides otherwise than a blank text. */
  const judgeUnset = (origins: Origins): void => {
    if (origins.has('unset')) ask('request', neverMade);
  };

  /** Where something is decided by a value. */
  const judge = (origins: Origins, given: readonly Origins[]): void => {
    if (origins.has('part')) ask('request', aPartOfThePerson);
    if (origins.has('shown')) ask('moment', howItIsShown);
    if (origins.has('claims') && !given.some((one) => one.has('nothing') && !one.has('claims')))
      ask('request', allOfTheToken);
    if (origins.has('time') && !origins.has('rows')) ask('place', namesADay);
  };

  look(readNodes(tree), {
    tables: [],
    queries: [],
    caseTest: none,
    param: of('rows'),
    isNegated: false,
    isTurned: false,
    isTakenFrom: false,
    isOfExistence: false,
  });
  return asked;
}

const onlyUnset = (origins: Origins): Origins => (origins.has('unset') ? of('unset') : none);

/** Null, an empty text, or the id of nobody. */
function isNothing(node: Node): boolean {
  const bytes = bytesOf(node);
  if (bytes === null) return true;
  return texts.includes(typeOf(node))
    ? bytes.length <= 4
    : typeOf(node) === '2950' && bytes.every((byte) => byte === 0);
}
