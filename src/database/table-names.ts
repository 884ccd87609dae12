/** Table names as a manifest writes them, `schema.name`, for use in queries. */
import { quoteIdentifier } from './quote.js';
import type { Session } from './with-session.js';

export function quoteTable(table: string): string {
  return table.split('.').map(quoteIdentifier).join('.');
}

/** Whether there is a table of that name that we may read: not a view, through which the same rows would be seen twice. */
export async function isReadableTable(session: Session, table: string): Promise<boolean> {
  const { rows } = await session.query<{ found: boolean }>(
    `select exists (
        select from pg_catalog.pg_class
        where
            oid = pg_catalog.to_regclass($1)
            and relkind in ('r', 'p', 'f')
            and pg_catalog.has_table_privilege(oid, 'select')
     ) as found`,
    [quoteTable(table)],
  );
  return rows[0]?.found ?? false;
}
