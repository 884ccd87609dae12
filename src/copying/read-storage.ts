/**
 * How columns, what is too long for their rows, and the indexes of constraints are stored, and by which index tables are clustered, where it is not as it is by itself → the
 * statements that say so: pg-delta does not.
 */
import type { Session } from '../database/with-session.js';

export async function readStorage(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `with ours as (
         select c.oid, c.relkind, c.reltoastrelid, c.reloptions, format('%I.%I', n.nspname, c.relname) as name
         from pg_class as c
         inner join pg_namespace as n on n.oid = c.relnamespace
         where
             n.nspname !~ '^(pg_|information_schema$)'
             and pg_get_userbyid(c.relowner) !~ '^supabase_.*admin$'
             and not exists (
                 select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
             )
     ),
     columns as (
         select o.name, a.attname, a.attoptions, nullif(a.attstorage, t.typstorage) as storage
         from ours as o
         inner join pg_attribute as a on a.attrelid = o.oid
         inner join pg_type as t on t.oid = a.atttypid
         where o.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
     )
     select
         format(
             'alter table %s alter column %I set storage %s',
             name,
             attname,
             case storage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
         ) as statement
     from columns
     where storage is not null
     union all
     select format('alter table %s alter column %I set (%s)', c.name, c.attname, o.options)
     from columns as c, lateral (${listOptions('c.attoptions')}) as o
     where c.attoptions is not null
     union all
     select format('alter table %s set (%s)', o.name, l.options)
     from ours as o
     inner join pg_class as t on t.oid = o.reltoastrelid, lateral (${listOptions('t.reloptions', 'toast.')}) as l
     where t.reloptions is not null and o.relkind = 'r'
     union all
     select format('alter index %s set (%s)', o.name, l.options)
     from ours as o
     inner join pg_constraint as k on k.conindid = o.oid and k.contype in ('p', 'u'),
         lateral (${listOptions('o.reloptions')}) as l
     where o.reloptions is not null and o.relkind = 'i'
     union all
     select format('alter table %s cluster on %I', o.name, c.relname)
     from ours as o
     inner join pg_index as i on i.indrelid = o.oid and i.indisclustered
     inner join pg_class as c on c.oid = i.indexrelid
     where o.relkind = 'r'
     order by 1`,
  );
  return rows.map(({ statement }) => statement);
}

const listOptions = (options: string, prefix = '') =>
  `select string_agg(format('${prefix}%I = %L', p.option_name, p.option_value), ', ') as options from pg_options_to_table(${options}) as p`;
