/** Materialized views, before the fix and after it → which hold no longer what their queries answer, and which were filled anew with that. */
import { isDatabaseError } from '../../database/database-error.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { RowDifference } from '../../model.js';
import { describeStructure, type Shape, type Shapes } from './read-shapes.js';

/** Names of those that held just what their queries answered. */
export type Current = ReadonlySet<string>;

/** `asks`: each of their queries is run, which takes as long as to fill it. */
export async function noteCurrent(
  session: Session,
  shapes: Shapes,
  { asks }: { readonly asks: boolean },
): Promise<Current> {
  const current = new Set<string>();
  if (!asks) return current;
  for (const shape of shapes.values())
    if (shape.kind === 'm' && (await isCurrent(session, shape))) current.add(shape.name);
  return current;
}

export interface Filled {
  readonly differences: readonly RowDifference[];
  /** Whose rows need not be compared with what they were: they follow from other tables, or that they do not is told. */
  readonly settled: ReadonlySet<string>;
}

export async function findStale(
  session: Session,
  current: Current,
  { before, after }: { readonly before: Shapes; readonly after: Shapes },
): Promise<Filled> {
  const differences: RowDifference[] = [];
  const settled = new Set<string>();
  for (const now of after.values()) {
    const then = before.get(now.name);
    if (now.kind !== 'm' || then?.kind !== 'm') continue;
    const isFilledAnew = now.oid !== then.oid || now.file !== then.file;
    if (!isFilledAnew && !current.has(now.name)) continue;
    const isTrue = await isCurrent(session, now);
    if (isTrue === false)
      differences.push({
        word: 'are not what its query answers',
        table: `rows of ${now.name}`,
        key: null,
        columns: [],
      });
    const isSame = describeStructure(now) === describeStructure(then);
    if (isTrue !== null && now.oid === then.oid && isSame) settled.add(now.name);
    // No row of it is what it was, and each is what the query of now answers.
    if (isTrue === true && now.oid !== then.oid && !isSame) {
      differences.push({ word: 'changed', table: `rows of ${now.name}`, key: null, columns: [] });
      settled.add(now.name);
    }
  }
  return { differences, settled };
}

/** null: nobody can say. */
async function isCurrent(session: Session, { oid, relation }: Shape): Promise<boolean | null> {
  try {
    return await withSavepointRollback(session, async () => {
      const { rows } = await session.query<{ query: string }>(
        `select pg_catalog.rtrim(pg_catalog.pg_get_viewdef($1::pg_catalog.oid), ';') as query`,
        [oid],
      );
      const compared = await session.query<{ is_current: boolean }>(
        `select ${digestOf(relation)} = ${digestOf(`(${rows[0]?.query})`)} as is_current`,
      );
      return compared.rows[0]?.is_current ?? null;
    });
  } catch (error: unknown) {
    // The query raises an error, or is of tables that the deployer may not read.
    if (!isDatabaseError(error)) throw error;
    return null;
  }
}

/** Of all rows, in whatever order. */
const digestOf = (rows: string): string =>
  `(select pg_catalog.concat_ws(
        ' ', pg_catalog.count(*), pg_catalog.sum(pg_catalog.hashtextextended(row(schema_fix_row.*)::pg_catalog.text, 0))
    ) from ${rows} as schema_fix_row)`;
