/** Table names as a manifest writes them, `schema.name`, for use in queries. */
import { quoteIdentifier } from './quote.js';
import type { Session } from './with-session.js';

export function quoteTable(table: string): string {
  return partsOf(table).map(quoteIdentifier).join('.');
}

/** One that holds a dot or a quote stands in quotes, `public."sales.2024"`. */
export function partsOf(table: string): string[] {
  const parts = table.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
}

export type TableAccess = 'readable' | 'unreadable' | 'absent';

/** Whether this role can read a table of that name: not a view, through which the same rows would be seen twice. */
export async function accessToTable(session: Session, table: string): Promise<TableAccess> {
  const [schema, name] = partsOf(table);
  const { rows } = await session.query<{ readable: boolean }>(
    `select
        pg_catalog.has_schema_privilege(n.oid, 'usage')
        and pg_catalog.has_table_privilege(c.oid, 'select') as readable
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'f')`,
    [schema, name],
  );
  if (rows[0] === undefined) return 'absent';
  return rows[0].readable ? 'readable' : 'unreadable';
}

export async function isReadableTable(session: Session, table: string): Promise<boolean> {
  return (await accessToTable(session, table)) === 'readable';
}
