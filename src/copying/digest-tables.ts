/** Tables → how many rows each has, and a digest of them in any order: equal for equal rows, in one database or two. */
import type { Session } from '../database/with-session.js';

export interface DigestedTable {
  /** As SQL names it. */
  readonly name: string;
  /** Those that are compared, as SQL names them. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly digest: string;
}

/** In a transaction with the settings of `withLive`, which decide how a value is written. */
export async function digestTable(
  session: Session,
  { name, columns }: Pick<DigestedTable, 'name' | 'columns'>,
): Promise<DigestedTable> {
  const { rows } = await session.query<{ rows: string; digest: string | null }>(
    `select
         count(*) as rows,
         sum(hashtextextended(row(${columns.join(', ')})::text, 0))::text as digest
     from only ${name}`,
  );
  return { name, columns, rows: Number(rows[0]?.rows ?? 0), digest: rows[0]?.digest ?? '' };
}
