/** All rows of the tables that are compared, noted before the fix → what became of each, and each that nobody had before. */
import { counted } from '../../counted.js';
import { quoteLiteral } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle, RowDifference } from '../../model.js';
import { small } from '../large-tables.js';
import {
  type Comparison,
  collectFound,
  differingColumnsOf,
  exactly,
  isNothingFound,
  listPossible,
  listVariants,
  signaturesOf,
  subsets,
  takePairs,
  type Variant,
} from './match-rows.js';
import { noteTable, settleTable } from './note-table.js';
import type { Allowance, NoteOptions } from './plan-comparison.js';
import { type Noted, projectAfter, projectExpected, projectQuarantined } from './project-row.js';
import type { Shape, Shapes } from './read-shapes.js';
import { findIdleRules } from './set-aside.js';

export interface Fates {
  readonly table: string;
  readonly before: number;
  moved: number;
  quarantined: number;
  merged: number;
  /** Gone, changed, or moved where they may not be. */
  lost: number;
  appeared: number;
  /** Rows that are new as the manifest lets them. */
  expected: number;
  /** Values of each fact that are others as the manifest lets them. */
  readonly excused: Map<string, { normalised: number; filled: number }>;
  readonly differences: RowDifference[];
}

/** A table that was noted; null as `noted` where there was none, or none that could be read. */
export interface NotedTable {
  readonly allowance: Allowance;
  readonly noted: Noted | null;
  readonly before: Shape | null;
  readonly rows: number;
  /** Whether its rows were counted alone. */
  readonly isLeftToCounters: boolean;
}

export async function noteTables(
  session: Session,
  allowances: readonly Allowance[],
  { shapes, readsLarge }: { readonly shapes: Shapes } & Pick<NoteOptions, 'readsLarge'>,
): Promise<NotedTable[]> {
  const tables: NotedTable[] = [];
  for (const [index, allowance] of allowances.entries()) {
    const shape = shapes.get(allowance.table) ?? null;
    if (shape === null || !shape.isReadable) {
      tables.push({ allowance, noted: null, before: shape, rows: 0, isLeftToCounters: false });
      continue;
    }
    // Rows that may be copied or moved elsewhere have to be known there.
    const isLeftToCounters =
      shape.kind === 'r' &&
      allowance.to.length === 0 &&
      !readsLarge(shape.name) &&
      (await readBytes(session, shape)) > small;
    const noted: Noted | null = isLeftToCounters ? null : { allowance, columns: shape.columns };
    const rows = await (noted === null ? countRows(session, shape) : noteTable(session, index, noted, shape));
    tables.push({ allowance, noted, before: shape, rows, isLeftToCounters });
  }
  return tables;
}

/** Of its rows, without indexes. */
async function readBytes(session: Session, { oid }: Shape): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>(
    'select pg_catalog.pg_table_size($1::pg_catalog.oid::pg_catalog.regclass) as bytes',
    [oid],
  );
  return Number(rows[0]?.bytes);
}

async function countRows(session: Session, { relation }: Shape): Promise<number> {
  const { rows } = await session.query<{ rows: string }>(`select count(*) as rows from only ${relation}`);
  return Number(rows[0]?.rows);
}

const shown = 20;

/** `unwritten` are tables that need not be looked at again. */
export async function compareTables(
  session: Session,
  bundle: Bundle,
  tables: readonly NotedTable[],
  { shapes, unwritten }: { readonly shapes: Shapes; readonly unwritten: ReadonlySet<string> },
): Promise<Fates[]> {
  const compared = tables.map(({ allowance, rows }): Fates => {
    const { table } = allowance;
    return {
      table,
      before: rows,
      moved: 0,
      quarantined: 0,
      merged: 0,
      lost: 0,
      appeared: 0,
      expected: 0,
      excused: new Map(),
      differences: [],
    };
  });
  const now = (table: string) => {
    const shape = shapes.get(table);
    return shape?.isReadable ? shape : null;
  };
  const places = tables.map(({ allowance }) => allowance.table);

  for (const [index, { noted, allowance, before }] of tables.entries()) {
    if (unwritten.has(allowance.table)) continue;
    if (before !== null && noted === null) continue;
    await settleTable(session, index, { noted, shape: now(allowance.table) });
  }
  const pending = new Set(await indexesIn(session, 'schema_fix_pending'));
  const look = async (index: number, place: string, yields: readonly string[] = []): Promise<number> => {
    const { noted } = tables[index] as NotedTable;
    const shape = now(place);
    if (noted === null || shape === null) return 0;
    await collectFound(session, places.indexOf(place), projectAfter(noted, shape));
    return takeVariants(
      session,
      index,
      { noted, columns: shape.columns, isHome: place === places[index], yields },
      compared[index],
    );
  };

  for (const index of pending) await look(index, places[index] ?? '');
  for (const index of pending) {
    for (const place of tables[index]?.allowance.to ?? [])
      (compared[index] as Fates).moved += await look(index, place);
  }
  for (const index of pending) {
    const { noted, allowance } = tables[index] as NotedTable;
    const fates = compared[index] as Fates;
    fates.quarantined += await lookIntoQuarantine(session, bundle, { tables, index, shapes });
    await nameIdle(session, {
      table: tables[index] as NotedTable,
      index,
      fates,
      shape: now(allowance.table),
    });
    if (!(await indexesIn(session, 'schema_fix_kept')).includes(index)) continue;
    for (const place of [allowance.table, ...allowance.to]) {
      const shape = now(place);
      if (noted === null || shape === null) continue;
      await collectFound(session, places.indexOf(place), projectAfter(noted, shape));
      await takeEmptied(session, index, {
        noted,
        columns: shape.columns,
        isHome: place === allowance.table,
        yields: [],
      });
    }
  }
  for (const index of pending) {
    const { allowance, noted } = tables[index] as NotedTable;
    if (!allowance.merge || noted === null) continue;
    for (const place of [allowance.table, ...allowance.to]) {
      const shape = now(place);
      if (shape === null) continue;
      const isHome = place === allowance.table;
      const comparison = { noted, columns: shape.columns, isHome, yields: allowance.yields };
      (compared[index] as Fates).merged += await takeMerged(
        session,
        index,
        comparison,
        projectAfter(noted, shape),
      );
    }
  }
  const comparing = { tables, compared, now };
  await nameChanged(session, comparing);
  await nameSetAside(session, bundle, { ...comparing, shapes });
  await nameHalfQuarantined(session, bundle, { ...comparing, shapes });
  await takeCopies(session, tables, now);
  await takeExpected(session, { tables, compared, now });
  await nameOthers(session, comparing);
  return compared;
}

async function takeVariants(
  session: Session,
  index: number,
  comparison: Comparison,
  fates?: Fates,
): Promise<number> {
  let taken = 0;
  for (const variant of await listPossible(session, index, comparison)) {
    const pairs = await takePairs(session, index, comparison, variant);
    if (pairs === 0) continue;
    if (fates !== undefined) countExcused(fates, comparison, variant, pairs);
    taken += pairs;
    if (await isNothingFound(session)) break;
  }
  return taken;
}

/** Rows are taken in the way in which least has changed, so that each fact of it has. */
function countExcused(
  { excused }: Fates,
  { noted }: Comparison,
  { free, alt }: Pick<Variant, 'free' | 'alt'>,
  pairs: number,
): void {
  for (const [place, { name }] of noted.allowance.facts.entries()) {
    const counts = excused.get(name) ?? { normalised: 0, filled: 0 };
    if (alt & (1 << place)) counts.normalised += pairs;
    if (free & (1 << place)) counts.filled += pairs;
    if (counts.normalised + counts.filled > 0) excused.set(name, counts);
  }
}

async function indexesIn(session: Session, notes: string): Promise<number[]> {
  const { rows } = await session.query<{ tbl: number }>(
    `select distinct tbl from pg_temp.${notes} order by tbl`,
  );
  return rows.map(({ tbl }) => tbl);
}

interface Place {
  readonly tables: readonly NotedTable[];
  readonly index: number;
  readonly shapes: Shapes;
}

/** Each row under a reason for which the manifest lets it be there, which has to be the one that stands there. */
async function lookIntoQuarantine(session: Session, bundle: Bundle, place: Place): Promise<number> {
  const { noted, allowance } = place.tables[place.index] as NotedTable;
  let found = 0;
  for (const [rule, { reason }] of allowance.quarantine.entries()) {
    if (noted === null || !(await collectQuarantined(session, bundle, place, reason))) break;
    found += await takeVariants(session, place.index, { ...inQuarantine(noted), aside: 1 << rule });
  }
  return found;
}

/** Rows that are in quarantine for a reason that holds of others, too, which stay. */
async function nameIdle(
  session: Session,
  {
    table,
    index,
    fates,
    shape,
  }: {
    readonly table: NotedTable;
    readonly index: number;
    readonly fates: Fates;
    readonly shape: Shape | null;
  },
): Promise<void> {
  for (const bit of await findIdleRules(session, index, table, shape)) {
    const { reason, when } = table.allowance.quarantine.find((_, rule) => bit === 1 << rule) ?? {};
    const why = when === null ? 'though of several alike none stays' : 'which holds of rows that stay, too';
    const { rowCount } = await session.query(
      'update pg_temp.schema_fix_kept set aside = 0 where tbl = $1 and aside = $2',
      [index, bit],
    );
    const rows = rowCount ?? 0;
    fates.quarantined -= rows;
    fates.lost += rows;
    fates.differences.push({
      word: 'moved without being declared',
      table: fates.table,
      key: `${counted(rows, 'row')} into quarantine, because ${reason}, ${why}`,
      columns: [],
    });
  }
}

/** Rows that are complete in quarantine, where the manifest does not let them be, or not for the reason that stands there. */
async function nameSetAside(
  session: Session,
  bundle: Bundle,
  { tables, compared, shapes }: Comparing & { readonly shapes: Shapes },
): Promise<void> {
  for (const index of await indexesIn(session, 'schema_fix_pending')) {
    const { allowance, noted } = tables[index] as NotedTable;
    if (noted === null || !(await collectQuarantined(session, bundle, { tables, index, shapes }))) continue;
    const pairs = await takeVariants(session, index, inQuarantine(noted));
    if (pairs === 0) continue;
    const fates = compared[index] as Fates;
    const { rows } = await session.query<{ label: string }>(
      `select n.label
       from (select place from pg_temp.schema_fix_kept where tbl = $1 order by ctid desc limit $2) as k
       inner join pg_temp.schema_fix_rows as n on n.ctid = k.place
       order by n.label
       limit ${shown}`,
      [index, pairs],
    );
    fates.lost += pairs;
    fates.differences.push(
      ...rows.map(
        ({ label }): RowDifference => ({
          word: 'moved without being declared',
          table: allowance.table,
          key: `${label === '' ? 'a row' : label}, into ${bundle.quarantine}`,
          columns: [],
        }),
      ),
    );
  }
}

function inQuarantine(noted: Noted): Comparison {
  return { noted, columns: null, isHome: false, yields: [] };
}

/** Only rows that were put there now: what was there before stands for itself. Returns whether rows of the table may be there. */
async function collectQuarantined(
  session: Session,
  { quarantine }: Bundle,
  { tables, index, shapes }: Place,
  reason: string | null = null,
): Promise<boolean> {
  const { noted, allowance } = tables[index] as NotedTable;
  const shape = quarantine === null ? undefined : shapes.get(quarantine);
  if (noted === null || !shape?.isReadable || allowance.quarantinedAs.length === 0) return false;
  if (
    !['source_table', 'reason', 'row_data'].every((name) =>
      shape.columns.some((column) => column.name === name),
    )
  )
    return false;
  const isForReason = reason === null ? '' : ` and q.reason = ${quoteLiteral(reason)}`;
  const names = allowance.quarantinedAs.map(quoteLiteral).join(', ');
  const now = shapes.get(allowance.table)?.columns.map(({ name }) => name) ?? [];
  const place = tables.findIndex(({ allowance: { table } }) => table === quarantine);
  await collectFound(
    session,
    place,
    `select a.* from (${projectQuarantined(noted, shape, now)}) as a
     inner join ${shape.relation} as q on q.ctid = a.place and q.tableoid = a.part and q.source_table in (${names})${isForReason}`,
  );
  return true;
}

/** Rows that are in quarantine, but not with all that they said. */
async function nameHalfQuarantined(
  session: Session,
  bundle: Bundle,
  { tables, compared, shapes }: Comparing & { readonly shapes: Shapes },
): Promise<void> {
  for (const index of await indexesIn(session, 'schema_fix_pending')) {
    const { allowance, noted } = tables[index] as NotedTable;
    if (noted === null || !(await collectQuarantined(session, bundle, { tables, index, shapes }))) continue;
    const rows = await takeSameKeys(session, index, inQuarantine(noted));
    const fates = compared[index] as Fates;
    fates.lost += rows.count;
    fates.differences.push(
      ...rows.shown.map(
        ({ key, columns }): RowDifference => ({ word: 'gone', table: allowance.table, key, columns }),
      ),
    );
  }
}

/** A row of which the quarantine holds a complete copy may stay, without the time or the id that it cannot say any more. */
async function takeEmptied(session: Session, index: number, comparison: Comparison): Promise<void> {
  const variants = await listVariants(session, index, 'kept');
  if (variants.length === 0) return;
  const { facts } = comparison.noted.allowance;
  const typed = facts.reduce(
    (mask, { type }, fact) => (type === 'uuid' || type === 'timestamptz' ? mask | (1 << fact) : mask),
    0,
  );
  const tried = subsets(typed).flatMap((emptied) => variants.map((variant) => ({ emptied, variant })));
  for (const { emptied, variant } of tried) {
    if (emptied === 0) continue;
    const signatures = signaturesOf(comparison, { ...variant, free: variant.free | emptied });
    const isEmpty = facts.flatMap((_, fact) =>
      emptied & (1 << fact) ? [`f.vals[${comparison.noted.columns.length + fact + 1}] is null`] : [],
    );
    await session.query(
      `delete from pg_temp.schema_fix_loose
       where ctid in (
           select f.loose
           from pg_temp.schema_fix_found as f
           where f.fits & $2 = $2 and ${isEmpty.join(' and ')} and ${signatures.found} in (
               select ${signatures.noted}
               from pg_temp.schema_fix_kept as k
               inner join pg_temp.schema_fix_rows as n on n.ctid = k.place
               where k.tbl = $1 and n.free & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4
           )
       )`,
      [index, variant.free, variant.alt, variant.flex],
    );
  }
}

/** A row that became one with another is like that one, which is taken already or not. */
async function takeMerged(
  session: Session,
  index: number,
  comparison: Comparison,
  projection: string,
): Promise<number> {
  let taken = 0;
  for (const variant of await listVariants(session, index)) {
    const signatures = signaturesOf(comparison, variant);
    const { rowCount } = await session.query(
      `with f as (select distinct ${signatures.found} as signature from (${projection}) as f where f.fits & $2 = $2)
       delete from pg_temp.schema_fix_pending as p
       using pg_temp.schema_fix_rows as n
       where p.tbl = $1 and n.ctid = p.place and n.free & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4
           and ${signatures.noted} in (select signature from f)`,
      [index, variant.free, variant.alt, variant.flex],
    );
    taken += rowCount ?? 0;
  }
  return taken;
}

/** Rows that stay where they are may be copied to where rows of their kind may move: once each. */
async function takeCopies(
  session: Session,
  tables: readonly NotedTable[],
  now: (table: string) => Shape | null,
): Promise<void> {
  for (const place of await indexesIn(session, 'schema_fix_loose')) {
    const { allowance: destination } = tables[place] as NotedTable;
    const shape = now(destination.table);
    if (shape === null) continue;
    for (const [index, { allowance, noted }] of tables.entries()) {
      if (noted === null || !allowance.to.includes(destination.table)) continue;
      await collectFound(session, place, projectAfter(noted, shape));
      const comparison = { noted, columns: shape.columns, isHome: false, yields: allowance.notCopied };
      for (const variant of await listPossible(session, index, comparison, 'all')) {
        const signatures = signaturesOf(comparison, variant);
        const { rowCount } = await session.query(
          `with b as (
               select distinct ${signatures.noted} as signature
               from pg_temp.schema_fix_rows as n
               where n.tbl = $1 and n.free & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4
           ),
           a as (
               select distinct on (s.signature) s.loose, s.signature
               from (select f.loose, ${signatures.found} as signature from pg_temp.schema_fix_found as f where f.fits & $2 = $2) as s
               inner join b using (signature)
           ),
           used as (delete from pg_temp.schema_fix_found where loose in (select loose from a))
           delete from pg_temp.schema_fix_loose where ctid in (select loose from a)`,
          [index, variant.free, variant.alt, variant.flex],
        );
        if (rowCount !== 0 && (await isNothingFound(session))) break;
      }
    }
  }
}

/** Rows that the manifest expects to be new. */
async function takeExpected(session: Session, { tables, compared, now }: Comparing): Promise<void> {
  for (const place of await indexesIn(session, 'schema_fix_loose')) {
    const { allowance } = tables[place] as NotedTable;
    const shape = now(allowance.table);
    if (shape === null || allowance.appears.length === 0) continue;
    const { rowCount } = await session.query(
      `delete from pg_temp.schema_fix_loose as l using (${projectExpected(allowance, shape)}) as a
       where l.tbl = $1 and l.part = a.part and l.place = a.place`,
      [place],
    );
    (compared[place] as Fates).expected += rowCount ?? 0;
  }
}

/** Rows that are not what they were, as far as a row of the same key is where they were or may have gone. */
async function nameChanged(session: Session, { tables, compared, now }: Comparing): Promise<void> {
  for (const index of await indexesIn(session, 'schema_fix_pending')) {
    const { allowance, noted } = tables[index] as NotedTable;
    const fates = compared[index] as Fates;
    for (const place of [allowance.table, ...allowance.to]) {
      const shape = now(place);
      if (shape === null || noted === null) continue;
      await collectFound(
        session,
        tables.findIndex((table) => table.allowance.table === place),
        projectAfter(noted, shape),
      );
      const comparison = { noted, columns: shape.columns, isHome: place === allowance.table, yields: [] };
      const rows = await takeSameKeys(session, index, comparison);
      fates.lost += rows.count;
      fates.differences.push(
        ...rows.shown.map(
          ({ key, columns }): RowDifference => ({ word: 'changed', table: allowance.table, key, columns }),
        ),
      );
    }
  }
}

/** Takes the pending rows of a table, and the rows found, that have one key; gives how many there are and what differs in the first. */
async function takeSameKeys(
  session: Session,
  index: number,
  comparison: Comparison,
): Promise<{ count: number; shown: { key: string; columns: string[] }[] }> {
  const { rows } = await session.query<{ key: string; columns: string[]; pairs: string }>(
    `with b as (
         select p.ctid as pending, n.label, n.vals, n.free, pg_catalog.row_number() over (partition by n.label order by p.ctid) as copy
         from pg_temp.schema_fix_pending as p
         inner join pg_temp.schema_fix_rows as n on n.ctid = p.place
         where p.tbl = $1 and n.label <> ''
     ),
     a as (
         select f.loose, f.label, f.vals, f.fits, pg_catalog.row_number() over (partition by f.label order by f.loose) as copy
         from pg_temp.schema_fix_found as f
     ),
     pairs as materialized (
         select n.pending, f.loose, n.label, ${differingColumnsOf(comparison)} as columns
         from b as n
         inner join a as f using (label, copy)
     ),
     settled as (delete from pg_temp.schema_fix_pending where ctid in (select pending from pairs)),
     taken as (delete from pg_temp.schema_fix_loose where ctid in (select loose from pairs))
     select label as key, columns, count(*) over () as pairs
     from pairs
     order by label
     limit ${shown}`,
    [index],
  );
  return {
    count: Number(rows[0]?.pairs ?? 0),
    shown: rows.map(({ key, columns }) => ({ key, columns: [...new Set(columns)] })),
  };
}

interface Comparing {
  readonly tables: readonly NotedTable[];
  readonly compared: readonly Fates[];
  readonly now: (table: string) => Shape | null;
}

/** What is still pending is gone, or where it may not be; what is still loose has appeared. */
async function nameOthers(session: Session, { tables, compared, now }: Comparing): Promise<void> {
  for (const index of await indexesIn(session, 'schema_fix_pending')) {
    const { allowance, noted } = tables[index] as NotedTable;
    const fates = compared[index] as Fates;
    if (noted !== null) await nameMoved(session, { tables, index, fates, now });
    const { rows } = await session.query<{ key: string; all: string }>(
      `select n.label as key, count(*) over () as all
       from pg_temp.schema_fix_pending as p
       inner join pg_temp.schema_fix_rows as n on n.ctid = p.place
       where p.tbl = $1
       order by n.label
       limit ${shown}`,
      [index],
    );
    fates.lost += Number(rows[0]?.all ?? 0);
    fates.differences.push(
      ...rows.map(({ key }): RowDifference => ({ word: 'gone', table: allowance.table, key, columns: [] })),
    );
  }
  for (const place of await indexesIn(session, 'schema_fix_loose')) {
    const { allowance, noted } = tables[place] as NotedTable;
    const shape = now(allowance.table);
    if (shape === null) continue;
    const fates = compared[place] as Fates;
    await collectFound(session, place, projectAfter(noted ?? { allowance, columns: shape.columns }, shape));
    const { rows } = await session.query<{ key: string; all: string }>(
      `select label as key, count(*) over () as all from pg_temp.schema_fix_found order by label limit ${shown}`,
    );
    fates.appeared += Number(rows[0]?.all ?? 0);
    fates.differences.push(
      ...rows.map(
        ({ key }): RowDifference => ({ word: 'appeared', table: allowance.table, key, columns: [] }),
      ),
    );
  }
}

/** Rows that are complete in a table where rows of their kind do not belong. */
async function nameMoved(
  session: Session,
  {
    tables,
    index,
    fates,
    now,
  }: Omit<Comparing, 'compared'> & { readonly index: number; readonly fates: Fates },
): Promise<void> {
  const { allowance, noted } = tables[index] as NotedTable;
  for (const [place, { allowance: other }] of tables.entries()) {
    const shape = now(other.table);
    if (noted === null || shape === null || place === index || allowance.to.includes(other.table)) continue;
    await collectFound(session, place, projectAfter(noted, shape));
    const pairs = await takePairs(
      session,
      index,
      { noted, columns: shape.columns, isHome: false, yields: [] },
      exactly,
    );
    if (pairs === 0) continue;
    fates.lost += pairs;
    fates.differences.push({
      word: 'moved without being declared',
      table: allowance.table,
      key: `${counted(pairs, 'row is', 'rows are')} in ${other.table}`,
      columns: [],
    });
  }
}
