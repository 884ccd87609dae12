/** What `prepare/` says of an index → whether making it runs nothing but Postgres itself, as is seen on an empty table of the same columns. */
import { isDatabaseError } from '../../database/database-error.js';
import { oneStatement } from '../../database/one-statement.js';
import { quoteTable } from '../../database/table-names.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { sayError } from '../history/obstacle.js';

/** Of columns alone, all rows, and by access methods and operator classes that every database has. */
const readIndex = `select
        i.indpred is null and i.indexprs is null
        and c.relam < 16384
        and not exists (select from pg_catalog.unnest(i.indclass) as o (id) where o.id >= 16384) as is_plain
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indexrelid
    where i.indexrelid = pg_catalog.to_regclass('pg_temp.schema_fix_tried')`;

/**
 * In a transaction that is undone. Where one is made before, it is made outside of every transaction, so that whatever a
 * function of the database's does with the rows would stay. Returns why it is not plain, or null.
 */
export async function sayWhyNotPlain(
  session: Session,
  { table, definition }: { readonly table: string; readonly definition: string },
): Promise<string | null> {
  try {
    return await withSavepointRollback(session, async () => {
      await session.query(`create temporary table schema_fix_columns (like ${quoteTable(table)})`);
      await session.query(
        oneStatement(`create index schema_fix_tried on pg_temp.schema_fix_columns ${definition}`),
      );
      const { rows } = await session.query<{ is_plain: boolean }>(readIndex);
      return rows[0]?.is_plain === true
        ? null
        : 'it is not one of columns alone, of all rows, by what every database has';
    });
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return sayError(error);
  }
}
