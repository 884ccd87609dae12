/** Policies for what is added → whether none of them lets a row in that lacks a value. */
import { fieldOf, isNode, type Node, readNodes, type Value, wordOf } from './read-nodes.js';
import type { DatabaseObject } from './read-objects.js';

/** `column`: its number; where a privilege reaches every row no policy decides. */
export function isDemanded(
  objects: readonly DatabaseObject[],
  table: string,
  column: number,
  role: string,
): boolean {
  const ofTable = objects.filter(({ relation }) => relation === table);
  const isBound = ofTable
    .filter((one) => one.kind === 'privilege' && one.role === role && /^INSERT /.test(one.name))
    .every(({ place }) => place === 'rows of which policies decide');
  // A member of others is let in by their policies, too.
  const isAlone = !objects.some(({ kind, roles }) => kind === 'membership' && roles?.[0] === role);
  const isFor = (policy: DatabaseObject) =>
    policy.role !== null &&
    (!isAlone || policy.role.split(',').some((name) => name === 'public' || name === role));
  const conditions = ofTable.filter((one) => one.kind === 'policy' && isFor(one)).flatMap(conditionOf);
  return isBound && conditions.length > 0 && conditions.every((one) => demands(one, column));
}

/** Of a policy that lets rows in what is asked of one that is added; that for whomever is asked. */
function conditionOf({ nodes }: DatabaseObject): Node[] {
  const [verb, permits, ...rest] = readNodes(nodes ?? '');
  if (!['a', '*'].includes(String(verb)) || permits !== 't') return [];
  const at = rest.indexOf('check');
  return [rest.slice(0, at).slice(1), rest.slice(at + 1)]
    .map((part) => part.find(isNode))
    .filter(isNode)
    .slice(-1);
}

/** Whether it is not true of a row where the column is null. */
function demands(value: Value | undefined, column: number): boolean {
  if (!isNode(value)) return false;
  const args = [fieldOf(value, 'args')].flat() as Value[];
  switch (value.tag) {
    case 'BOOLEXPR': {
      const word = wordOf(value, 'boolop');
      if (word === 'not') return false;
      return word === 'and'
        ? args.some((one) => demands(one, column))
        : args.every((one) => demands(one, column));
    }
    // Of Postgres' own none that compares takes null for a value.
    case 'OPEXPR':
      return args.some((one) => isColumn(one, column));
    // Of an empty list all is true.
    case 'SCALARARRAYOPEXPR':
      return wordOf(value, 'useOr') === 'true' && args.some((one) => isColumn(one, column));
    case 'SUBLINK':
      return wordOf(value, 'subLinkType') === '2' && demands(fieldOf(value, 'testexpr'), column);
    case 'NULLTEST':
      return wordOf(value, 'nulltesttype') === '1' && isColumn(fieldOf(value, 'arg'), column);
    default:
      return false;
  }
}

/** Itself, or under another type. */
function isColumn(value: Value | undefined, column: number): boolean {
  if (!isNode(value)) return false;
  if (value.tag === 'VAR')
    return wordOf(value, 'varattno') === String(column) && wordOf(value, 'varlevelsup') === '0';
  return ['RELABELTYPE', 'COERCEVIAIO'].includes(value.tag) && isColumn(fieldOf(value, 'arg'), column);
}
