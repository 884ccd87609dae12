/**
 * Columns of partitions and other children that have another default than the table above all of them, or are required otherwise → the
 * statements that say so: pg-delta writes no column that is inherited.
 */
import type { Session } from '../database/with-session.js';

/** Of a table that is above others nothing is passed on but what is required: each says its own. */
export async function readOwnColumns(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `with recursive lines (oid, top) as (
         select h.inhrelid, h.inhparent from pg_inherits as h inner join pg_class as c on c.oid = h.inhrelid and c.relkind in ('r', 'p')
         union
         select l.oid, h.inhparent from lines as l inner join pg_inherits as h on h.inhrelid = l.top
     ),
     columns as (
         select
             format('%I.%I', n.nspname, c.relname) as name,
             a.attname,
             a.attnotnull as is_required,
             bool_or(t.attnotnull) as was_required,
             pg_get_expr(d.adbin, d.adrelid) as gives,
             array_agg(pg_get_expr(e.adbin, e.adrelid)) as gave
         from lines as l
         inner join pg_class as c on c.oid = l.oid
         inner join pg_namespace as n on n.oid = c.relnamespace
         inner join pg_attribute as a on a.attrelid = l.oid and a.attnum > 0 and not a.attisdropped and a.attinhcount > 0
         inner join pg_attribute as t on t.attrelid = l.top and t.attname = a.attname and not t.attisdropped
         left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
         left join pg_attrdef as e on e.adrelid = t.attrelid and e.adnum = t.attnum
         where
             not exists (select from pg_inherits as h where h.inhrelid = l.top)
             and a.attgenerated = ''
             and a.attidentity = ''
             and pg_get_userbyid(c.relowner) !~ '^supabase_.*admin$'
             and not exists (
                 select from pg_depend as x where x.classid = 'pg_class'::regclass and x.objid = c.oid and x.deptype = 'e'
             )
         group by c.oid, n.nspname, c.relname, a.attname, a.attnotnull, d.adbin, d.adrelid
     )
     select format('alter table only %s alter column %I ', name, attname) || coalesce('set default ' || gives, 'drop default') as statement
     from columns
     where exists (select from unnest(gave) as g (gave) where g.gave is distinct from gives)
     union all
     select format('alter table %s alter column %I %s not null', name, attname, case when is_required then 'set' else 'drop' end)
     from columns
     where is_required <> was_required
     order by 1`,
  );
  return rows.map(({ statement }) => statement);
}
