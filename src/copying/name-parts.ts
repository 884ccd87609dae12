/** Indexes of constraints that partitions have from their table, and that are not called as Postgres would call them → the statement that calls them so. */
import { quoteLiteral } from '../database/quote.js';
import type { Session } from '../database/with-session.js';

export async function namePartsOfConstraints(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ part: string }>(
    `select
         format(
             '(%L::regclass, %L::regclass, %L)',
             format('%I.%I', rn.nspname, r.relname),
             format('%I.%I', n.nspname, t.relname),
             c.relname
         ) as part
     from pg_constraint as k
     inner join pg_class as c on c.oid = k.conindid
     inner join pg_class as t on t.oid = k.conrelid
     inner join pg_namespace as n on n.oid = t.relnamespace
     inner join pg_class as r on r.oid = pg_partition_root(k.conindid)
     inner join pg_namespace as rn on rn.oid = r.relnamespace
     cross join lateral (
         select string_agg(a.attname, '_' order by u.place) as columns
         from unnest(k.conkey) with ordinality as u (attnum, place)
         inner join pg_attribute as a on a.attrelid = t.oid and a.attnum = u.attnum
     ) as l
     where
         k.contype in ('p', 'u', 'x')
         and k.conparentid <> 0
         and c.relname <> case k.contype when 'p' then t.relname || '_pkey' else concat(t.relname, '_', l.columns, '_key') end
         and n.nspname !~ '^(pg_|information_schema$)'
         and pg_get_userbyid(t.relowner) !~ '^supabase_.*admin$'
     order by 1`,
  );
  if (rows.length === 0) return [];
  // Where one is called as another was, both need a name that is nobody's first.
  const body = `
declare
    part record;
    turn int;
begin
    for turn in 1..2 loop
        for part in
            select
                i.indexrelid::regclass as index,
                case turn when 1 then 'part_' || i.indexrelid else v.name end as name
            from (values ${rows.map(({ part }) => part).join(', ')}) as v (root, partition, name)
            inner join pg_catalog.pg_index as i on i.indrelid = v.partition
            where pg_catalog.pg_partition_root(i.indexrelid) = v.root
        loop
            execute pg_catalog.format('alter index %s rename to %I', part.index, part.name);
        end loop;
    end loop;
end`;
  return [`do ${quoteLiteral(body).trim()}`];
}
