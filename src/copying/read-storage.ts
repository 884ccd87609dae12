/** How columns of a database are stored, where it is not as their type is → the statements that say so: pg-delta does not. */
import type { Session } from '../database/with-session.js';

export async function readStorage(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `select
         format(
             'alter table %I.%I alter column %I set storage %s',
             n.nspname,
             c.relname,
             a.attname,
             case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
         ) as statement
     from pg_attribute as a
     inner join pg_class as c on c.oid = a.attrelid
     inner join pg_namespace as n on n.oid = c.relnamespace
     inner join pg_type as t on t.oid = a.atttypid
     where
         c.relkind in ('r', 'p')
         and a.attnum > 0
         and not a.attisdropped
         and a.attstorage <> t.typstorage
         and n.nspname !~ '^(pg_|information_schema$)'
         and pg_get_userbyid(c.relowner) !~ '^supabase_.*admin$'
         and not exists (
             select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
         )
     order by 1`,
  );
  return rows.map(({ statement }) => statement);
}
