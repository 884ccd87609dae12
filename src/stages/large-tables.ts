/** Tables → those that are too large to be read or written whole on a target, where others wait. */
import { quoteTable } from '../database/table-names.js';
import type { Session } from '../database/with-session.js';

/** Bytes of a table's rows, without indexes, up to which it is small. */
export const small = 16 * 1024 * 1024;

/** The largest of them, if it is too large. A table with partitions is as large as they are. */
export async function findLargeTable(session: Session, tables: readonly string[]): Promise<string | null> {
  const { rows } = await session.query<{ name: string; bytes: string }>(
    `select
        t.name,
        pg_catalog.pg_table_size(c.oid) + (
            select coalesce(sum(pg_catalog.pg_table_size(p.relid)), 0)
            from pg_catalog.pg_partition_tree(c.oid) as p
            where p.isleaf and p.relid <> c.oid
        ) as bytes
     from unnest($1::text[], $2::text[]) as t (name, relation)
     inner join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(t.relation)
     where c.relkind in ('r', 'p')
     order by bytes desc
     limit 1`,
    [tables, tables.map(quoteTable)],
  );
  const [largest] = rows;
  return largest !== undefined && Number(largest.bytes) > small ? largest.name : null;
}
