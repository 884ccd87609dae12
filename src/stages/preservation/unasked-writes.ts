/**
 * Policies of the fix's own tables before and after it → columns into which people may write what they want now, of which each policy
 * asked before: nobody tries every value.
 */
import type { RowDifference } from '../../model.js';
import type { Given } from './come-alive.js';
import { isNode, readNodes, type Value, wordOf } from './read-nodes.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import type { Shape } from './read-shapes.js';

/** What a policy asks of a row that is added, or of what a row becomes. */
interface Check {
  readonly policy: DatabaseObject;
  readonly isPermissive: boolean;
  /** Names of columns, as they are called now. */
  readonly asks: ReadonlySet<string>;
}

/** Letters of `pg_policy.polcmd`. */
const writing = ['a', 'w'];

export function findUnasked(
  { before, after, shapes, shapesNow }: Given,
  { own, tried }: Readonly<Record<'own' | 'tried', readonly string[]>>,
): RowDifference[] {
  const found = new Map<string, Set<string>>();
  for (const table of own) {
    const [then, now] = [shapes.get(table), shapesNow.get(table)];
    if (then === undefined || now === undefined) continue;
    const old = checksOf(before, then, then.oid === now.oid ? now : then);
    const fresh = checksOf(after, now, now);
    for (const role of tried) {
      for (const letter of writing) {
        const among = (checks: readonly Check[]) =>
          checks.filter(({ policy }) => isFor(policy, role, letter));
        for (const { policy, columns } of findForgotten(among(old), among(fresh))) {
          const name = nameOf(policy);
          const told = columns.filter(
            (column) =>
              now.columns.some((one) => one.name === column) &&
              mayWrite(after, { table, column, role, letter }),
          );
          found.set(name, new Set([...(found.get(name) ?? []), ...told]));
        }
      }
    }
  }
  return [...found].flatMap(([table, columns]): RowDifference[] =>
    columns.size === 0
      ? []
      : [
          {
            word: 'means something else',
            table,
            key: null,
            columns: [
              `${[...columns].sort().join(' and ')} of a row that is written, of which each policy asked, may say anything`,
            ],
          },
        ],
  );
}

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
      columns: common.filter((column) => !isRestricted(column) && !asks(one, column)),
    })),
    ...then
      .filter(({ isPermissive }) => !isPermissive)
      .map((one) => ({
        policy: one.policy,
        columns: [...one.asks].filter((column) => !isRestricted(column)),
      })),
  ].filter(({ columns }) => columns.length > 0);
}

const wholeRow = '*';

const asks = ({ asks: columns }: Check, column: string): boolean =>
  columns.has(column) || columns.has(wholeRow);

const isFor = ({ role, nodes }: DatabaseObject, name: string, letter: string): boolean =>
  ['*', letter].includes(nodes?.[0] ?? '') &&
  (role?.split(',') ?? []).some((one) => one === 'public' || one === name);

/** `named`: the table by whose numbers its columns are called. */
function checksOf(objects: readonly DatabaseObject[], { name }: Shape, named: Shape): Check[] {
  return objects
    .filter(({ kind, relation }) => kind === 'policy' && relation === name)
    .map((policy) => {
      const [, permissive = '', expressions = ''] = /^\S+ (\S+) \S+ (.*)$/s.exec(policy.nodes ?? '') ?? [];
      const [using = '', check = ''] = expressions.split(/ ?check (?=\{|$)/);
      const numbers = columnsAsked(readNodes(check === '' ? using : check), 0);
      return {
        policy,
        isPermissive: permissive.startsWith('t'),
        asks: new Set(
          numbers.map((number) =>
            number === '0'
              ? wholeRow
              : (named.columns.find((one) => String(one.number) === number)?.name ?? ''),
          ),
        ),
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
