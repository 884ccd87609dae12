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
