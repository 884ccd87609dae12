/**
 * Policies before and after the fix → columns that one asks now, itself or through functions and views, and that whoever asks may change, and
 * tables to which they may add rows: they let themselves in, whatever the rows say today.
 */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import { columnWordsIn, wordsIn } from '../words-in.js';
import { asksForAbsence, isTurned } from './asked-for-absence.js';
import { closingOf } from './clauses.js';
import { bareOf, type DatabaseObject, nameOf, type Uses } from './read-objects.js';
import { mentionsIn, readPieces } from './read-pieces.js';

export interface Changeable {
  /** `schema.table.column` → roles of the API that may give it whatever value. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** `schema.table` → roles that may add rows of themselves. */
  readonly rows: ReadonlyMap<string, Addable>;
  /** `schema.table` → roles that may delete rows of themselves. */
  readonly gone: ReadonlyMap<string, OwnRows>;
}

interface OwnRows {
  readonly roles: readonly string[];
  /** Columns by which the rules say whose a row is. */
  readonly asked: readonly string[];
}

interface Addable extends OwnRows {
  /** Column → whether something else than whoever adds the row decides what it says. */
  readonly columns: Readonly<Record<string, boolean>>;
  /** The columns of each unique index. */
  readonly keys: readonly (readonly string[])[];
  readonly pointers: readonly { readonly table: string; readonly columns: readonly string[] }[];
}

export const nothingChangeable: Changeable = { columns: new Map(), rows: new Map(), gone: new Map() };

export async function readChangeable(session: Session, roles: readonly string[]): Promise<Changeable> {
  if (roles.length === 0) return nothingChangeable;
  const columns = await session.query<{ name: string; roles: string[] }>(engineSql('changeable_columns'), [
    roles,
  ]);
  const own = await session.query<Addable & { name: string; verb: 'add' | 'delete' }>(engineSql('own_rows'), [
    roles,
  ]);
  const ofVerb = (verb: 'add' | 'delete') =>
    new Map(own.rows.filter((one) => one.verb === verb).map((one) => [one.name, one]));
  return {
    columns: new Map(columns.rows.map((one) => [one.name, one.roles])),
    rows: ofVerb('add'),
    gone: ofVerb('delete'),
  };
}

export interface AskingPolicies {
  readonly objects: readonly DatabaseObject[];
  readonly uses: Uses;
  /** The policy, and whatever decides with it what it answers. */
  readonly answersBy: (object: DatabaseObject) => ReadonlySet<DatabaseObject>;
}

/** Of one policy what no policy of its table asked before; what it asks of its own row says nothing of who asks. */
export function judgeSelfOpened(
  { before, after }: { readonly before: AskingPolicies; readonly after: AskingPolicies },
  changeable: Changeable,
): (object: DatabaseObject) => string[] {
  const { columns, rows, gone } = changeable;
  if (columns.size + rows.size + gone.size === 0) return () => [];
  const byTable = groupBy([...columns.keys()], tableOf);
  const asked = (policy: DatabaseObject, at: AskingPolicies) =>
    [...at.answersBy(policy)].flatMap((one) => columnsOf(one, at.uses, byTable));
  const read = (policy: DatabaseObject, at: AskingPolicies) => rowsOf(policy, at, rows);
  const missed = (policy: DatabaseObject, at: AskingPolicies) => absencesOf(policy, at, gone);
  const known = new Map(
    [...groupBy(before.objects.filter(isPolicy), relationOf)].map(([relation, policies]) => [
      relation,
      new Set(
        policies.flatMap((policy) => [
          ...asked(policy, before),
          ...read(policy, before),
          ...missed(policy, before).map((name) => `no ${name}`),
        ]),
      ),
    ]),
  );
  return (policy) => {
    if (!isPolicy(policy)) return [];
    const relation = relationOf(policy);
    const isFresh = (name: string) => !known.get(relation)?.has(name);
    const fresh = asked(policy, after).filter((name) => tableOf(name) !== relation && isFresh(name));
    const added = read(policy, after).filter((name) => name !== relation && isFresh(name));
    const lacking = missed(policy, after).filter((name) => name !== relation && isFresh(`no ${name}`));
    return [
      ...[...new Set(fresh)]
        .sort()
        .map(
          (name) =>
            `${columnOf(name)} of ${tableOf(name)}, which ${columns.get(name)?.join(' and ')} may change`,
        ),
      ...[...new Set(added)]
        .sort()
        .map((name) => `rows of ${name}, which ${rows.get(name)?.roles.join(' and ')} may add`),
      ...lacking
        .sort()
        .map((name) => `that ${name} has no row, which ${gone.get(name)?.roles.join(' and ')} may delete`),
    ];
  };
}

/** Tables of which it, or what decides with it, asks that they have no row of whoever asks. */
function absencesOf(
  policy: DatabaseObject,
  { answersBy }: AskingPolicies,
  gone: Changeable['gone'],
): string[] {
  if (gone.size === 0) return [];
  const all = [...answersBy(policy)].map((one) => ({ one, pieces: readPieces(one.said ?? '') }));
  const isCalledTurned = (name: string) =>
    all.some(({ pieces }) =>
      [...mentionsIn(pieces)].some(
        ({ whole, from, at }) =>
          whole === name &&
          (pieces[from - 1]?.text === 'not' ||
            isTurned(pieces, from) ||
            /^(is|=)$/.test(pieces[closingOf(pieces, at + 1) + 1]?.text ?? '')),
      ),
    );
  return [...gone].flatMap(([table, { asked }]) =>
    all.some(({ one, pieces }) =>
      asksForAbsence(pieces, table, {
        asked,
        isOfAFunction: one.kind === 'function',
        isTurned: one.kind === 'function' && isCalledTurned(one.name),
      }),
    )
      ? [table]
      : [],
  );
}

/**
 * Tables of which it asks nothing that somebody else decides: not the very row at which a guarded one points, `rooms.id = messages.room_id`,
 * which nobody can add once more.
 */
function rowsOf(
  policy: DatabaseObject,
  { uses, answersBy }: AskingPolicies,
  rows: Changeable['rows'],
): string[] {
  const answering = [...answersBy(policy)];
  return [...rows].flatMap(([table, { columns, asked, keys, pointers }]) => {
    const readers = answering.filter((one) => reads(one, uses, table));
    const names = Object.keys(columns).filter((column) =>
      readers.some((one) => reads(one, uses, table, column)),
    );
    const isPointedAt = (key: readonly string[]) =>
      key.every((column) => names.includes(column)) && !key.some((column) => asked.includes(column));
    const isOfThisRow =
      (asked.length > 0 && keys.some(isPointedAt)) ||
      pointers.some(
        (one) => one.table === policy.relation && one.columns.every((column) => names.includes(column)),
      );
    return readers.length === 0 || isOfThisRow || names.some((column) => columns[column]) ? [] : [table];
  });
}

/** As the server notes it, or by the words of a body that it keeps as a text. */
function reads(object: DatabaseObject, uses: Uses, table: string, column?: string): boolean {
  const used = uses.get(nameOf(object)) ?? [];
  const said = object.kind === 'function' ? (object.said ?? '') : '';
  return column === undefined
    ? wordsIn(said).has(bareOf(table)) ||
        used.some((name) => name === `relation ${table}` || name.startsWith(`column ${table}.`))
    : columnWordsIn(said).has(column) || used.includes(`column ${table}.${column}`);
}

/** As the server notes them, or, of a body that it keeps as a text, those whose names stand in it beside that of their table. */
function columnsOf(
  object: DatabaseObject,
  uses: Uses,
  changeable: ReadonlyMap<string, readonly string[]>,
): string[] {
  const noted = (uses.get(nameOf(object)) ?? [])
    .filter((name) => name.startsWith('column '))
    .map((name) => name.slice('column '.length))
    .filter((name) => changeable.get(tableOf(name))?.includes(name));
  if (object.kind !== 'function') return noted;
  const words = wordsIn(object.said ?? '');
  const columns = columnWordsIn(object.said ?? '');
  const named = [...changeable].flatMap(([table, names]) =>
    words.has(bareOf(table)) ? names.filter((name) => columns.has(columnOf(name))) : [],
  );
  return [...noted, ...named];
}

const tableOf = (column: string): string => column.slice(0, column.lastIndexOf('.'));

const columnOf = (column: string): string => column.slice(column.lastIndexOf('.') + 1);

const relationOf = ({ relation }: DatabaseObject): string => relation ?? '';

const isPolicy = ({ kind }: DatabaseObject): boolean => kind === 'policy';
