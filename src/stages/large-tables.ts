/** Tables → those that are too large to be read or written whole on a target, where others wait. */
import { quoteTable } from '../database/table-names.js';
import type { Session } from '../database/with-session.js';

/** Bytes of a table's rows, without indexes, up to which it is small. */
export const small = 16 * 1024 * 1024;

/** Up to which each row is tried as each person, of whom there may be 40: each pair is an answer that the rules are asked about. */
export const smallToTry = 512 * 1024;

/** Those that are too large, the largest first. A table with partitions is as large as they are. */
export async function findLargeTables(
  session: Session,
  tables: readonly string[],
  most = small,
): Promise<string[]> {
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
     order by bytes desc`,
    [tables, tables.map(quoteTable)],
  );
  return rows.filter(({ bytes }) => Number(bytes) > most).map(({ name }) => name);
}
