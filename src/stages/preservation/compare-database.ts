/** The whole database before and after the fix → every difference that the manifest does not declare. */
import { engineSql } from '../../database/engine-sql.js';
import { withOwnersView } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle, ComparisonResult, KeyChanges, RowDifference } from '../../model.js';
import { boundRoles, listRoles } from '../api-roles.js';
import { findBroken, findOwed } from './broken.js';
import { findCaptured } from './captured.js';
import { findComeAlive } from './come-alive.js';
import { compareEntries } from './compare-entries.js';
import { compareObjects, membersOfTheApi } from './compare-objects.js';
import { compareTables } from './compare-rows.js';
import { compareOthers, compareStructure } from './compare-shapes.js';
import { type Files, findOutdated, noteFiles } from './computed.js';
import { declaredIn, isNamedIn } from './declared-names.js';
import { findDeprived, noteReaches, type Reaches } from './deprived.js';
import type { Fates } from './fates.js';
import { followKeys } from './follow-keys.js';
import { findHeldBack } from './held-back.js';
import { findOmitted } from './left-out-columns.js';
import { listUsed } from './list-used.js';
import { type Current, findStale, noteCurrent } from './materialized.js';
import { findNewlyChecked } from './newly-checked.js';
import { findTaken, type NextNumbers, readNextNumbers } from './next-numbers.js';
import { confirmRows, type EarlyRows } from './note-early.js';
import { forgetOthers, makeFindings, makeNotes } from './note-table.js';
import { type NotedTable, noteTables } from './note-tables.js';
import { findOfPartitions } from './of-partitions.js';
import { compareOffered, type Offered, readOffered } from './offered.js';
import { type Allowance, type NoteOptions, namedTables, planComparison } from './plan-comparison.js';
import { findBounded } from './policy-bounds.js';
import { type CatalogNotes, readCatalogs, withoutOthersDoing } from './read-catalogs.js';
import type { CatalogEntry } from './read-entries.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import { columnsCalled, findUnwritten, partitionsOf, readShapes, type Shapes } from './read-shapes.js';
import { findStopped } from './refused-changes.js';
import { findRefused } from './refused-rows.js';
import { findRaising } from './refused-values.js';
import { findUnplaced, listUnplaced } from './rows-of-no-partition.js';
import { readChangeable } from './self-opened.js';
import { findMoved, readSequences, type Sequences } from './sequences.js';
import { findStoppedByValues } from './stopped-by-values.js';
import { findUnreadable, noteReadable, type Readable } from './try-functions.js';
import { findUnasked } from './unasked-writes.js';
import { findOtherViews } from './views-of-tables.js';
import { readServersOwn } from './what-objects-ask.js';
import { withPlainText } from './with-plain-text.js';

/** What has to be known of the database as it was. */
export interface DatabaseNotes extends CatalogNotes {
  readonly shapes: Shapes;
  readonly tables: readonly NotedTable[];
  readonly sequences: Sequences;
  readonly nextNumbers: readonly NextNumbers[];
  readonly readable: Readable;
  readonly current: Current;
  readonly files: Files;
  readonly reaches: Reaches;
  readonly offered: Offered;
  /** Tables of which a row may belong to no partition. */
  readonly unplaced: readonly string[];
  /** How often this transaction had written one. */
  readonly largeObjects: string;
}

/** A large table was left to the counters, and was written into: its rows have to be noted before the fix. */
export class RowsNotNoted extends Error {
  constructor(readonly tables: readonly string[]) {
    super(`the rows of ${tables.join(', ')} were not noted`);
  }
}

/** What others may not change once they cannot define the tables otherwise, though they go on writing rows. */
export async function noteCatalogs(
  session: Session,
  bundle: Bundle,
  options: Pick<NoteOptions, 'readsAll'>,
): Promise<CatalogNotes> {
  const allowances = planComparison(bundle, await readShapes(session), options);
  return withOwnersView(session, tablesOf(allowances), () => readCatalogs(session));
}

/** In the transaction that the fix is then applied in: what is noted ends with it. */
export async function noteDatabase(
  session: Session,
  bundle: Bundle,
  {
    readsAll,
    readsLarge,
    catalogs,
    early,
  }: NoteOptions & { readonly catalogs: CatalogNotes; readonly early: EarlyRows | null },
): Promise<DatabaseNotes> {
  if (early === null) await makeNotes(session);
  // What is tried out, and undone, is counted as written.
  const readable = await noteReadable(session, { plans: readsAll });
  const planned = planComparison(bundle, await readShapes(session), { readsAll });
  return withOwnersView(session, tablesOf(planned), async () => {
    const shapes = await readShapes(session);
    const allowances = followKeys(planned, shapes);
    const kept = early === null ? new Map() : await confirmRows(session, early, { allowances, shapes });
    if (early !== null && kept.size < early.tables.size) await forgetOthers(session, [...kept.keys()]);
    const tables = await withPlainText(session, () =>
      noteTables(session, allowances, { shapes, readsLarge, kept }),
    );
    const sequences = await readSequences(session);
    const noted = new Set(
      tables.flatMap(({ allowance, isLeftToCounters }) =>
        allowance.isDeclared && !isLeftToCounters ? [allowance.table] : [],
      ),
    );
    return {
      shapes,
      tables,
      sequences,
      readable,
      files: await noteFiles(session),
      current: await withPlainText(session, () => noteCurrent(session, shapes, { asks: readsAll })),
      nextNumbers: await readNextNumbers(session, sequences, ({ table }) => noted.has(table)),
      reaches: await noteReaches(session, catalogs.objects),
      offered: await readOffered(session, await listTried(session, bundle)),
      unplaced: await listUnplaced(session, shapes),
      ...catalogs,
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
    const filled = await withPlainText(session, () =>
      findStale(session, notes.current, { before: notes.shapes, after: shapes }),
    );
    const same = new Set([...unwritten, ...filled.settled]);
    const skipped = trustsCounters ? same : filled.settled;
    const fates = await withPlainText(session, () =>
      compareTables(session, bundle, notes.tables, { shapes, unwritten: skipped }),
    );
    // What guards a table that is only keyed to them is as it was: `keyed` speaks of rows.
    const own = namedTables(bundle);
    const declared = new Set(
      notes.tables.flatMap(({ noted, allowance, isLeftToCounters }) =>
        (noted !== null || isLeftToCounters) && allowance.isDeclared ? [allowance.table] : [],
      ),
    );
    const ofRows = fates.flatMap((found) => found.differences);
    const told = new Set(ofRows.map(({ table }) => table));
    const ofOthers = compareOthers(bundle, {
      before: notes.shapes,
      after: shapes,
      unwritten: same,
      declared,
    });
    const ours = withoutOthersDoing(notes, await readCatalogs(session));
    const tried = await listTried(session, bundle);
    const byApi = membersOfTheApi(notes.objects);
    const objects = compareObjects(bundle, {
      ...ours.objects,
      uses: ours.uses,
      own: [...own, ...partitionsOf(own, notes.shapes)],
      tried,
      byApi,
      changeable: await readChangeable(session, tried),
      settings: bundle.actors.flatMap((actor) => Object.keys(actor.session)),
      server: await readServersOwn(session),
      deployer: await readDeployer(session),
    });
    const sequences = await readSequences(session);
    const nextNumbers = await readNextNumbers(
      session,
      sequences,
      ({ key, table, sequence }) =>
        (declared.has(table) || own.includes(table) || !notes.shapes.has(table)) &&
        !(
          skipped.has(table) && notes.nextNumbers.some((one) => one.key === key && one.sequence === sequence)
        ),
    );
    const isDeclared = declaredIn(bundle);
    const taken = findTaken(notes.nextNumbers, nextNumbers);
    const entries = compareEntries(bundle, ours.entries);
    const given = { ...ours.objects, shapes: notes.shapes, shapesNow: shapes };
    const unreadable = await findUnreadable(session, notes.readable, { plans: !trustsCounters });
    const offered = [
      ...compareOffered(notes.offered, await readOffered(session, tried), { hasApi: tried.length > 0 }),
      ...findOtherViews(given, bundle.preserve, { hasApi: tried.length > 0 }),
    ];
    const isNamed = declaredIn(bundle, bundle.drops);
    const functions = mergeFound([
      ...[findCaptured, findComeAlive, findBroken].flatMap((find) => find(given)),
      ...unreadable.old,
    ]);
    const refused = [
      ...(await findOmitted(session, given, bundle.preserve)),
      ...(await findRefused(session, given)),
    ];
    const stopped = findStopped(given, bundle.preserve);
    const differences = [
      ...declaredOf(notes).flatMap((allowance) =>
        compareStructure(bundle, allowance, { before: notes.shapes, after: shapes }),
      ),
      ...ofOthers.filter(({ table, columns }) => columns.length > 0 || !told.has(table)),
      ...ofRows,
      ...objects.differences,
      ...[
        ...functions,
        ...findOwed(given, bundle.preserve),
        ...refused,
        ...findNewlyChecked(given, bundle.preserve, refused),
        ...(await findHeldBack(session, given, bundle.preserve)),
        ...findRaising(given),
        ...stopped,
        ...findOfPartitions(given, bundle.preserve),
        ...findStoppedByValues(given, bundle.preserve, stopped),
        ...(await findOutdated(session, given, { files: notes.files, uses: ours.uses.after })),
        ...(await findDeprived(session, given, notes.reaches)),
        ...(await findUnplaced(session, given, { preserve: bundle.preserve, unplaced: notes.unplaced })),
        ...filled.differences,
      ].filter(({ table }) => !isDeclared(table)),
      ...(await findBounded(session, given, { bundle, own, judged: objects.judged })),
      ...unreadable.made,
      ...findUnasked(given, bundle.preserve, { own, tried, answersBy: objects.judged.answersBy }).filter(
        ({ table }) => !isNamed(table),
      ),
      ...offered.filter(({ table }) => !isNamed(table)),
      ...entries.differences,
      ...findMoved(
        notes.sequences,
        sequences,
        (name, table) =>
          [...own, ...bundle.adds].includes(table ?? '') || isNamedIn(bundle, `sequence ${name}`),
      ).map((name): RowDifference => ({ word: 'changed', table: name, key: null, columns: ['last_value'] })),
      ...taken.filter(({ table }) => !isDeclared(table)),
      ...(ours.hasHiddenRoleWrites ? [roleChanged] : []),
      ...(ours.hasHiddenMappingWrites ? [mappingChanged] : []),
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
      keys: fates.flatMap((found, index) => countKeys(found, notes.tables[index] as NotedTable)),
      declared: [...objects.declared, ...entries.declared],
      seen: [
        ...new Set([...seenIn(bundle, notes.shapes), ...seenIn(bundle, shapes)]),
        ...notes.tables
          .filter(({ rows, before }) => rows > 0 || !before?.isReadable)
          .map(({ allowance }) => `rows ${allowance.table}`),
        ...(await listUsed(session, bundle, {
          before: notes.shapes,
          after: shapes,
          named: {
            before: [...namesIn(ours.objects.before, ours.entries.before), ...sequencesIn(notes.sequences)],
            after: [
              ...namesIn(ours.objects.after, ours.entries.after),
              ...sequencesIn(sequences),
              ...[...taken, ...filled.differences, ...offered].map(({ table }) => table),
            ],
          },
          tables: notes.tables,
          fates,
        })),
      ],
    };
    return { result, fates };
  });
}

const listTried = async (session: Session, bundle: Bundle): Promise<string[]> =>
  boundRoles(await listRoles(session, bundle));

/** What is found of one function, in one sentence. */
function mergeFound(found: readonly RowDifference[]): RowDifference[] {
  const merged = new Map<string, RowDifference>();
  for (const one of found) {
    const columns = [...(merged.get(one.table)?.columns ?? []), ...one.columns];
    merged.set(one.table, { ...one, columns });
  }
  return [...merged.values()];
}

const namesIn = (objects: readonly DatabaseObject[], entries: readonly CatalogEntry[]): string[] => [
  ...objects.map(nameOf),
  ...entries.map(({ label }) => label),
];

const sequencesIn = (sequences: Sequences): string[] =>
  [...sequences.keys()].map((name) => `sequence ${name}`);

function declaredOf({ tables }: DatabaseNotes): Allowance[] {
  return tables.map(({ allowance }) => allowance).filter(({ isDeclared }) => isDeclared);
}

/** What became of the keys of a table that hang on others. */
function countKeys({ table, excused }: Fates, { allowance }: NotedTable): KeyChanges[] {
  return allowance.pointers.flatMap((column) => {
    const counts = excused.get(column);
    return counts === undefined
      ? []
      : [{ table, column, followed: counts.normalised, forgotten: counts.filled }];
  });
}

function tablesOf(allowances: readonly Allowance[]): string[] {
  return allowances.map(({ table }) => table);
}

const largeObjectsChanged: RowDifference = {
  word: 'changed',
  table: 'a large object',
  key: null,
  columns: [],
};

const roleChanged: RowDifference = { word: 'changed', table: 'a role', key: null, columns: ['password'] };

const mappingChanged: RowDifference = {
  word: 'changed',
  table: 'a user mapping',
  key: null,
  columns: ['umoptions'],
};

export async function readDeployer(session: Session): Promise<string> {
  const { rows } = await session.query<{ name: string }>('select current_user::text as name');
  return rows[0]?.name ?? '';
}

async function countLargeObjects(session: Session): Promise<string> {
  const { rows } = await session.query<{ written: string }>(engineSql('large_objects'));
  return rows[0]?.written ?? '';
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
