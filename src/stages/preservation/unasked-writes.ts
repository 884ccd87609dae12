/**
 * Policies of the fix's own tables before and after it → columns into which people may write what they want now, of which each policy
 * asked before, and what each compared with that one does not any more: nobody tries every value.
 */
import type { Bundle, RowDifference } from '../../model.js';
import type { Given } from './come-alive.js';
import type { AnswersBy } from './policy-bounds.js';
import { isNode, readNodes, type Value, wordOf } from './read-nodes.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import { boundsOf, demandsOf, type Part } from './read-policy.js';
import type { Shape } from './read-shapes.js';
import { followNames } from './views-of-tables.js';

/** What a policy asks of a row that is added, or of what a row becomes, or of one that is there. */
interface Check {
  readonly policy: DatabaseObject;
  readonly isPermissive: boolean;
  /** Names of columns, as they are called now; of a row that is there none: it is tried. What it compares with, in words. */
  readonly asks: ReadonlySet<string>;
}

/** Letters of `pg_policy.polcmd`. */
const ways: readonly { readonly letter: string; readonly part: Part }[] = [
  { letter: 'a', part: 'check' },
  { letter: 'w', part: 'check' },
  { letter: 'r', part: 'using' },
  { letter: 'w', part: 'using' },
  { letter: 'd', part: 'using' },
];

export function findUnasked(
  { before, after, shapes, shapesNow }: Given,
  preserve: Bundle['preserve'],
  {
    own,
    tried,
    answersBy,
  }: Readonly<Record<'own' | 'tried', readonly string[]>> & { readonly answersBy: AnswersBy },
): RowDifference[] {
  const namesNow = followNames({ shapes, shapesNow }, preserve);
  const found = new Map<string, { readonly columns: Set<string>; readonly bounds: Set<string> }>();
  for (const table of own) {
    const [then, now] = [shapes.get(table), shapesNow.get(table)];
    if (then === undefined || now === undefined) continue;
    const isThere = (column: string) => now.columns.some(({ name }) => name === column);
    const nameNow = (column: string) => namesNow(column).find(isThere) ?? column;
    for (const { letter, part } of ways) {
      const old = checksOf(before, then, {
        part,
        named: then.oid === now.oid ? now : then,
        boundsIn: (policy) => demandsOf(policy, part).map(({ column, say }) => say(nameNow(column))),
      });
      const fresh = checksOf(after, now, {
        part,
        named: now,
        boundsIn: (policy) => [...answersBy(policy)].flatMap(boundsOf).map(({ column, say }) => say(column)),
      });
      for (const role of tried) {
        const among = (checks: readonly Check[]) =>
          checks.filter(({ policy }) => isFor(policy, role, letter));
        for (const { policy, asks: forgotten } of findForgotten(among(old), among(fresh))) {
          const name = nameOf(policy);
          const told = found.get(name) ?? { columns: new Set(), bounds: new Set() };
          found.set(name, told);
          for (const one of forgotten) {
            if (isBound(one)) told.bounds.add(one);
            else if (isThere(one) && mayWrite(after, { table, column: one, role, letter }))
              told.columns.add(one);
          }
        }
      }
    }
  }
  return [...found].flatMap(([table, { columns, bounds }]): RowDifference[] => {
    const says = [
      ...(columns.size === 0
        ? []
        : [
            `${[...columns].sort().join(' and ')} of a row that is written, of which each policy asked, may say anything`,
          ]),
      ...[...bounds].sort().map((bound) => `${bound} no more, as each policy did`),
    ];
    return says.length === 0 ? [] : [{ word: 'means something else', table, key: null, columns: says }];
  });
}

/** `it compares with 5` is the name of no column. */
const isBound = (asked: string): boolean => asked.startsWith('it ');

/** As far as privileges of its own say; by those of others it may be any column. */
function mayWrite(
  objects: readonly DatabaseObject[],
  { table, column, role, letter }: Readonly<Record<'table' | 'column' | 'role' | 'letter', string>>,
): boolean {
  const verb = letter === 'a' ? 'INSERT' : 'UPDATE';
  const own = objects.flatMap((one) =>
    one.kind === 'privilege' &&
    one.relation === table &&
    one.name.startsWith(`${verb} `) &&
    [role, 'public'].includes(one.role ?? '')
      ? [one.name]
      : [],
  );
  return (
    own.length === 0 ||
    own.some((name) => name.startsWith(`${verb} of `) || name.startsWith(`${verb} (${column}) of `))
  );
}

/** A permissive policy that does not ask what each of them asked, and a restrictive one of what no restrictive one asks any more. */
function findForgotten(then: readonly Check[], now: readonly Check[]) {
  const [old, fresh] = [then, now].map((checks) => checks.filter(({ isPermissive }) => isPermissive)) as [
    Check[],
    Check[],
  ];
  if (old.length === 0 || fresh.length === 0) return [];
  const isRestricted = (column: string) => now.some((one) => !one.isPermissive && asks(one, column));
  const common = [...(old[0]?.asks ?? [])].filter((column) => old.every((one) => asks(one, column)));
  return [
    ...fresh.map((one) => ({
      policy: one.policy,
      asks: common.filter((column) => !isRestricted(column) && !asks(one, column)),
    })),
    ...then
      .filter(({ isPermissive }) => !isPermissive)
      .map((one) => ({
        policy: one.policy,
        asks: [...one.asks].filter(
          (column) =>
            !isRestricted(column) && !(isBound(column) && fresh.every((other) => asks(other, column))),
        ),
      })),
  ].filter((one) => one.asks.length > 0);
}

const wholeRow = '*';

const asks = ({ asks: columns }: Check, column: string): boolean =>
  columns.has(column) || columns.has(wholeRow);

const isFor = ({ role, nodes }: DatabaseObject, name: string, letter: string): boolean =>
  ['*', letter].includes(nodes?.[0] ?? '') &&
  (role?.split(',') ?? []).some((one) => one === 'public' || one === name);

/** `named`: the table by whose numbers its columns are called. */
function checksOf(
  objects: readonly DatabaseObject[],
  { name }: Shape,
  {
    part,
    named,
    boundsIn,
  }: {
    readonly part: Part;
    readonly named: Shape;
    readonly boundsIn: (policy: DatabaseObject) => readonly string[];
  },
): Check[] {
  return objects
    .filter(({ kind, relation }) => kind === 'policy' && relation === name)
    .map((policy) => {
      const [, permissive = '', expressions = ''] = /^\S+ (\S+) \S+ (.*)$/s.exec(policy.nodes ?? '') ?? [];
      const [using = '', check = ''] = expressions.split(/ ?check (?=\{|$)/);
      const numbers = part === 'using' ? [] : columnsAsked(readNodes(check === '' ? using : check), 0);
      const columns = numbers.map((number) =>
        number === '0' ? wholeRow : (named.columns.find((one) => String(one.number) === number)?.name ?? ''),
      );
      return {
        policy,
        isPermissive: permissive.startsWith('t'),
        asks: new Set([...columns, ...boundsIn(policy)]),
      };
    });
}

/** The row is the only relation of its own level. */
function columnsAsked(values: readonly Value[], depth: number): string[] {
  return values.flatMap((value): string[] => {
    if (typeof value === 'string') return [];
    if (!isNode(value)) return columnsAsked(value as readonly Value[], depth);
    if (value.tag === 'VAR')
      return wordOf(value, 'varlevelsup') === String(depth) ? [wordOf(value, 'varattno')] : [];
    const within = [...value.fields.values()].flat();
    return columnsAsked(within, value.tag === 'QUERY' ? depth + 1 : depth);
  });
}
