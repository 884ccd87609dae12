/** Work that reads → its result, and of which tables it has read rows, by what the server counts. */
import type { Session } from '../database/with-session.js';

export interface Read<T> {
  readonly result: T;
  /** Their numbers. Rows that were fetched by their place are not counted. */
  readonly tables: ReadonlySet<string>;
}

/** In the open transaction. What other processes read for a query they count for themselves, so there are none. */
export async function withTablesRead<T>(session: Session, work: () => Promise<T>): Promise<Read<T>> {
  const { rows } = await session.query<{ workers: string }>(
    "select pg_catalog.current_setting('max_parallel_workers_per_gather') as workers",
  );
  await setWorkers(session, '0');
  const before = await countScans(session);
  const result = await work();
  const after = await countScans(session);
  await setWorkers(session, rows[0]?.workers ?? '0');
  const tables = [...after].filter(([oid, scans]) => scans === null || before.get(oid) !== scans);
  return { result, tables: new Set(tables.map(([oid]) => oid)) };
}

const setWorkers = (session: Session, workers: string) =>
  session.query("select pg_catalog.set_config('max_parallel_workers_per_gather', $1, true)", [workers]);

/** null: nobody counts what is read of a foreign table. The prelude's tables, and temporary ones, are ours alone. */
async function countScans(session: Session): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await session.query<{ oid: string; scans: string | null }>(
    `select
         c.oid::pg_catalog.text as oid,
         case
             when c.relkind <> 'f' then pg_catalog.concat_ws(
                 ' ', pg_catalog.pg_stat_get_xact_numscans(c.oid), pg_catalog.pg_stat_get_xact_tuples_returned(c.oid),
                 pg_catalog.pg_stat_get_xact_tuples_fetched(c.oid),
                 (select sum(pg_catalog.pg_stat_get_xact_numscans(i.indexrelid)) from pg_catalog.pg_index as i where i.indrelid = c.oid)
             )
         end as scans
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where
         c.oid >= 16384 and c.relkind in ('r', 'm', 'S', 'f') and n.nspname <> 'schema_fix'
         and n.nspname !~ '^pg_(toast_)?temp_'`,
  );
  return new Map(rows.map(({ oid, scans }) => [oid, scans]));
}
