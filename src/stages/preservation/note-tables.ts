/** The tables that are compared → the rows of each, noted before the fix, or their number where the counters say enough. */
import type { Session } from '../../database/with-session.js';
import { small } from '../large-tables.js';
import { noteTable } from './note-table.js';
import type { Allowance, NoteOptions } from './plan-comparison.js';
import type { Shape, Shapes } from './read-shapes.js';
import type { Noted } from './row-texts.js';

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
  {
    shapes,
    readsLarge,
    kept,
  }: {
    readonly shapes: Shapes;
    /** Places of those whose rows are noted already, with their number. */
    readonly kept: ReadonlyMap<number, number>;
  } & Pick<NoteOptions, 'readsLarge'>,
): Promise<NotedTable[]> {
  const tables: NotedTable[] = [];
  for (const [index, allowance] of allowances.entries()) {
    const shape = shapes.get(allowance.table) ?? null;
    if (shape === null || !shape.isReadable) {
      tables.push({ allowance, noted: null, before: shape, rows: 0, isLeftToCounters: false });
      continue;
    }
    const rows = kept.get(index);
    if (rows !== undefined) tables.push(asNoted(allowance, shape, rows));
    else if (await isLeftToCounters(session, allowance, shape, readsLarge))
      tables.push({
        allowance,
        noted: null,
        before: shape,
        rows: await countRows(session, shape),
        isLeftToCounters: true,
      });
    else tables.push(await noteOne(session, index, allowance, shape));
  }
  return tables;
}

export async function noteOne(
  session: Session,
  index: number,
  allowance: Allowance,
  shape: Shape,
): Promise<NotedTable> {
  const rows = await noteTable(session, index, { allowance, columns: shape.columns }, shape);
  return asNoted(allowance, shape, rows);
}

function asNoted(allowance: Allowance, shape: Shape, rows: number): NotedTable {
  const noted = { allowance, columns: shape.columns };
  return { allowance, noted, before: shape, rows, isLeftToCounters: false };
}

/** Rows that may be copied or moved elsewhere have to be known there. */
export async function isLeftToCounters(
  session: Session,
  { to }: Allowance,
  shape: Shape,
  readsLarge: NoteOptions['readsLarge'],
): Promise<boolean> {
  if (shape.kind !== 'r' || to.length > 0 || readsLarge(shape.name)) return false;
  return (await readBytes(session, shape)) > small;
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
