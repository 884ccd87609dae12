/** The whole database before and after the fix → every difference that the manifest does not declare. */
import { engineSql } from '../../database/engine-sql.js';
import { withOwnersView } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle, ComparisonResult, RowDifference } from '../../model.js';
import { boundRoles, listRoles } from '../api-roles.js';
import { compareEntries } from './compare-entries.js';
import { compareObjects, declaredNames } from './compare-objects.js';
import { compareTables, type Fates, type NotedTable, noteTables } from './compare-rows.js';
import { makeFindings, makeNotes } from './note-table.js';
import { type Allowance, type NoteOptions, namedTables, planComparison } from './plan-comparison.js';
import { type CatalogEntries, readEntries } from './read-entries.js';
import { type DatabaseObject, readObjects } from './read-objects.js';
import {
  columnsCalled,
  findUnwritten,
  partitionsOf,
  readShapes,
  type Shape,
  type Shapes,
} from './read-shapes.js';
import { findMoved, readSequences, type Sequences } from './sequences.js';
import { countServerWrites, mayBeOurs, type ServerWrites } from './server-writes.js';
import { readServersOwn } from './what-objects-ask.js';
import { withPlainText } from './with-plain-text.js';

/** What has to be known of the database as it was. */
export interface DatabaseNotes {
  readonly shapes: Shapes;
  readonly tables: readonly NotedTable[];
  readonly sequences: Sequences;
  readonly objects: readonly DatabaseObject[];
  readonly entries: CatalogEntries;
  readonly serverWrites: ServerWrites;
  /** How often this transaction had written one. */
  readonly largeObjects: string;
}

/** A large table was left to the counters, and was written into: its rows have to be noted before the fix. */
export class RowsNotNoted extends Error {
  constructor(readonly tables: readonly string[]) {
    super(`the rows of ${tables.join(', ')} were not noted`);
  }
}

/** In the transaction that the fix is then applied in: what is noted ends with it. */
export async function noteDatabase(
  session: Session,
  bundle: Bundle,
  { readsAll, readsLarge }: NoteOptions,
): Promise<DatabaseNotes> {
  await makeNotes(session);
  const allowances = planComparison(bundle, await readShapes(session), { readsAll });
  return withOwnersView(session, tablesOf(allowances), async () => {
    const shapes = await readShapes(session);
    const tables = await withPlainText(session, () =>
      noteTables(session, allowances, { shapes, readsLarge }),
    );
    return {
      shapes,
      tables,
      sequences: await readSequences(session),
      objects: await readObjects(session),
      entries: await readEntries(session),
      serverWrites: await countServerWrites(session),
      largeObjects: await countLargeObjects(session),
    };
  });
}

export interface Compared {
  readonly result: ComparisonResult;
  readonly fates: readonly Fates[];
}

/**
 * In the same transaction, after the fix. With `trustsCounters` a table that was not written into is not read again. Throws
 * `RowsNotNoted`.
 */
export async function compareDatabase(
  session: Session,
  bundle: Bundle,
  notes: DatabaseNotes,
  { trustsCounters }: { readonly trustsCounters: boolean },
): Promise<Compared> {
  await makeFindings(session);
  const allowances = notes.tables.map(({ allowance }) => allowance);
  return withOwnersView(session, tablesOf(allowances), async () => {
    const shapes = await readShapes(session);
    const unwritten = findUnwritten(notes.shapes, shapes);
    const unnoted = notes.tables
      .filter(({ isLeftToCounters, allowance }) => isLeftToCounters && !unwritten.has(allowance.table))
      .map(({ allowance }) => allowance.table);
    if (unnoted.length > 0) throw new RowsNotNoted(unnoted);
    const fates = await withPlainText(session, () =>
      compareTables(session, bundle, notes.tables, {
        shapes,
        unwritten: trustsCounters ? unwritten : new Set(),
      }),
    );
    const own = tablesOf(ownOf(notes));
    const declared = new Set(
      notes.tables.flatMap(({ noted, allowance, isLeftToCounters }) =>
        (noted !== null || isLeftToCounters) && allowance.isDeclared ? [allowance.table] : [],
      ),
    );
    const ofRows = fates.flatMap((found) => found.differences);
    const told = new Set(ofRows.map(({ table }) => table));
    const ofOthers = compareOthers(bundle, { before: notes.shapes, after: shapes, unwritten, declared });
    const ours = await readOurs(session, notes);
    const objects = compareObjects(bundle, {
      ...ours,
      own: [...own, ...partitionsOf(own, notes.shapes)],
      tried: boundRoles(await listRoles(session, bundle)),
      settings: bundle.actors.flatMap((actor) => Object.keys(actor.session)),
      server: await readServersOwn(session),
    });
    const isDeclared = declaredNames(bundle.changes);
    const entries = compareEntries(notes.entries, await readEntries(session));
    const differences = [
      ...notes.tables
        .filter(({ allowance }) => allowance.isDeclared)
        .flatMap(({ allowance }) =>
          compareStructure(bundle, allowance, { before: notes.shapes, after: shapes }),
        ),
      ...ofOthers.filter(({ table, columns }) => columns.length > 0 || !told.has(table)),
      ...ofRows,
      ...objects.differences,
      ...entries.filter(({ table }) => !isDeclared(table)),
      ...findMoved(
        notes.sequences,
        await readSequences(session),
        (name, table) =>
          [...own, ...bundle.adds].includes(table ?? '') || bundle.changes.includes(`sequence ${name}`),
      ).map((name): RowDifference => ({ word: 'changed', table: name, key: null, columns: ['last_value'] })),
      ...((await hasHiddenRoleWrites(session, notes, ours)) ? [roleChanged] : []),
      ...((await countLargeObjects(session)) === notes.largeObjects ? [] : [largeObjectsChanged]),
    ];
    const planned = [...notes.shapes.values()].filter(({ kind }) => kind !== 'p').length;
    const result: ComparisonResult = {
      outcome: differences.length === 0 ? 'pass' : 'fail',
      planned,
      compared: planned,
      unwritten: [...unwritten].filter((table) => !declared.has(table)).length,
      rows: fates.reduce((sum, { before }) => sum + before, 0),
      differing: fates.reduce((sum, { lost, appeared }) => sum + lost + appeared, 0),
      differences,
      declared: [
        ...objects.declared,
        ...entries
          .filter(({ table }) => isDeclared(table))
          .map((entry) => ({ ...entry, does: [], text: null })),
      ],
      seen: [...new Set([...seenIn(bundle, notes.shapes), ...seenIn(bundle, shapes)])],
    };
    return { result, fates };
  });
}

/** Without what others have done on the server meanwhile. */
async function readOurs(
  session: Session,
  { objects, serverWrites }: DatabaseNotes,
): Promise<Record<'before' | 'after', readonly DatabaseObject[]>> {
  const after = await readObjects(session);
  const writes = await countServerWrites(session);
  const isOurs = ({ kind }: DatabaseObject) => mayBeOurs(kind, serverWrites, writes);
  const ours = { before: objects.filter(isOurs), after: after.filter(isOurs) };
  if (mayBeOurs('role', serverWrites, writes)) return ours;
  // A role that others have dropped takes the next number of nothing.
  const { rows } = await session.query<{ role: string }>('select rolname as role from pg_catalog.pg_roles');
  const roles = new Set(rows.map(({ role }) => role));
  const isThere = ({ kind, role }: DatabaseObject) => kind !== 'next number' || roles.has(role ?? '');
  return { ...ours, before: ours.before.filter(isThere) };
}

function ownOf({ tables }: DatabaseNotes): Allowance[] {
  return tables.map(({ allowance }) => allowance).filter(({ isDeclared }) => isDeclared);
}

function tablesOf(allowances: readonly Allowance[]): string[] {
  return allowances.map(({ table }) => table);
}

interface BeforeAndAfter {
  readonly before: Shapes;
  readonly after: Shapes;
}

/** Columns that came or went without being declared; a column under another name goes on in the fact that it tells. */
function compareStructure(
  bundle: Bundle,
  { table, facts, to }: Allowance,
  { before, after }: BeforeAndAfter,
): RowDifference[] {
  const then = before.get(table);
  const now = after.get(table);
  if (then === undefined) return [];
  if (now === undefined) {
    const mayGo = bundle.drops.includes(table) || to.length > 0;
    return mayGo ? [] : [{ word: 'gone', table, key: null, columns: [] }];
  }
  const known = [
    ...facts,
    ...bundle.preserve.filter((kind) => kind.to.includes(table)).flatMap((kind) => kind.facts),
  ];
  const isTold = (name: string, columns: Shape['columns']) =>
    known.some(
      (fact) =>
        columnsCalled(columns, fact.columns).some((column) => column.name === name) &&
        columnsCalled(now.columns, fact.columns).length > 0,
    );
  const lacks = (shape: Shape, name: string) => !shape.columns.some((column) => column.name === name);
  const gone = then.columns.filter(
    ({ name }) =>
      lacks(now, name) && !isTold(name, then.columns) && !bundle.drops.includes(`${table}.${name}`),
  );
  // A column of the same name and type, in a table that rows may move here from, comes along with them.
  const origins = bundle.preserve.filter((kind) => kind.to.includes(table)).flatMap(({ from }) => from);
  const isBroughtAlong = ({ name, type }: Shape['columns'][number]) =>
    origins.some((origin) =>
      before.get(origin)?.columns.some((column) => column.name === name && column.type === type),
    );
  const appeared = now.columns.filter(
    (column) =>
      lacks(then, column.name) &&
      !isTold(column.name, now.columns) &&
      !isBroughtAlong(column) &&
      !bundle.adds.includes(`${table}.${column.name}`),
  );
  const difference = (word: RowDifference['word'], columns: Shape['columns']): RowDifference[] =>
    columns.length === 0 ? [] : [{ word, table, key: null, columns: columns.map(({ name }) => name) }];
  return [...difference('gone', gone), ...difference('appeared', appeared)];
}

/** Tables that the manifest does not name: they must be the same, which is so where nothing was written into them. */
function compareOthers(
  bundle: Bundle,
  {
    before,
    after,
    unwritten,
    declared,
  }: BeforeAndAfter & Readonly<Record<'unwritten' | 'declared', Set<string>>>,
): RowDifference[] {
  const named = new Set(namedTables(bundle));
  const partitions = partitionsOf([...declared], before);
  const remaining = partitionsOf([...declared], after);
  const differences: RowDifference[] = [];
  for (const table of new Set([...before.keys(), ...after.keys()])) {
    const then = before.get(table);
    if (declared.has(table) || unwritten.has(table) || (then === undefined && named.has(table))) continue;
    const now = after.get(table);
    if (isMaterializedAgain(then, now)) continue;
    // Its rows are compared as those of the table that it is a part of.
    if (partitions.has(table) && remaining.has(table) && then?.oid === now?.oid) continue;
    if (then !== undefined && then.oid !== now?.oid && !bundle.drops.includes(table)) {
      differences.push({ word: 'gone', table, key: null, columns: [] });
    }
    if (now !== undefined && then?.oid !== now.oid && !bundle.adds.includes(table)) {
      differences.push({ word: 'appeared', table, key: null, columns: [] });
    }
    if (then !== undefined && then.oid === now?.oid) differences.push(...describeWritten(then, now));
  }
  return differences;
}

/** What it holds can be computed from other tables, which are compared. */
function isMaterializedAgain(then: Shape | undefined, now: Shape | undefined): boolean {
  return (
    then?.kind === 'm' &&
    now?.kind === 'm' &&
    then.oid !== now.oid &&
    differingColumns(then, now).length === 0
  );
}

/** Without having read the table: other columns, or how many rows were written. */
function describeWritten(then: Shape, now: Shape): RowDifference[] {
  const { name: table } = now;
  const columns = differingColumns(then, now);
  if (columns.length > 0) return [{ word: 'changed', table, key: null, columns }];
  const words = (['gone', 'changed', 'appeared'] as const).filter(
    (word) => now.written[word] > then.written[word],
  );
  if (words.length === 0) return [{ word: 'changed', table, key: null, columns: [] }];
  return words.map((word) => ({
    word,
    table,
    key: `rows written: ${now.written[word] - then.written[word]}`,
    columns: [],
  }));
}

const largeObjectsChanged: RowDifference = {
  word: 'changed',
  table: 'a large object',
  key: null,
  columns: [],
};

const roleChanged: RowDifference = { word: 'changed', table: 'a role', key: null, columns: ['password'] };

/** Passwords are shown to nobody: a role was written, and nothing that is shown of the roles differs. */
async function hasHiddenRoleWrites(
  session: Session,
  { serverWrites }: DatabaseNotes,
  { before, after }: Record<'before' | 'after', readonly DatabaseObject[]>,
): Promise<boolean> {
  if (!mayBeOurs('role', serverWrites, await countServerWrites(session))) return false;
  const shown = (objects: readonly DatabaseObject[]) =>
    objects.flatMap(({ kind, name, written }) => (kind === 'role' ? [`${name} ${written}`] : [])).sort();
  return JSON.stringify(shown(before)) === JSON.stringify(shown(after));
}

async function countLargeObjects(session: Session): Promise<string> {
  const { rows } = await session.query<{ written: string }>(engineSql('large_objects'));
  return rows[0]?.written ?? '';
}

function differingColumns(then: Shape, now: Shape): string[] {
  const described = (shape: Shape) =>
    new Map(
      shape.columns.map((column) => [
        column.name,
        JSON.stringify([column.number, column.type, column.labels]),
      ]),
    );
  const [one, other] = [described(then), described(now)];
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}

/** What the manifest speaks of and this database has. */
function seenIn(bundle: Bundle, shapes: Shapes): string[] {
  const tables = namedTables(bundle).filter((table) => shapes.has(table));
  const columns = bundle.preserve.flatMap(({ name, from, to, facts }) =>
    facts.flatMap((fact) =>
      fact.columns
        .filter((column) =>
          [...from, ...to].some(
            (table) => columnsCalled(shapes.get(table)?.columns ?? [], [column]).length > 0,
          ),
        )
        .map((column) => `${name}.${fact.name}.${column}`),
    ),
  );
  return [...tables, ...columns];
}
