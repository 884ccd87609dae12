/** A database → what its catalogs say of each object beside what the kinds of objects tell, whatever catalogs and columns there are. */
import type { Session } from '../../database/with-session.js';
import { catalogCalled, commented, leftOut } from './catalogs.js';

export interface CatalogEntry {
  readonly catalog: string;
  /** The object's number, and that of its part. */
  readonly key: string;
  /** As Postgres describes it, `column amount of table public.fees`. */
  readonly label: string;
  /** Column of the catalog → its value; what is null is left out. */
  readonly said: Readonly<Record<string, unknown>>;
}

/** Objects that the catalogs number themselves when a server is made are its own. */
const firstOfUsers = 16384;

export async function readEntries(session: Session): Promise<CatalogEntry[]> {
  const { rows } = await session.query<{ catalog: string; columns: string[] }>(
    `select
        c.relname as catalog,
        pg_catalog.array_agg(a.attname::text order by a.attnum) as columns
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_attribute as a on c.oid = a.attrelid
     where
        c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind = 'r' and c.relname <> all($1::text[])
        and a.attnum > 0 and not a.attisdropped
        and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
     group by c.oid, c.relname
     order by c.relname`,
    [leftOut],
  );
  const entries = await session.query<CatalogEntry>(
    `with
     of_extensions as (
        select classid, objid, deptype, refobjid
        from pg_catalog.pg_depend
        where refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and deptype in ('e', 'x') and objsubid = 0
     ),

     -- Members of a family belong to its extension, though the server does not say so, as long as they are of no one else's.
     members as (
        select 'pg_catalog.pg_amop'::pg_catalog.regclass as classid, m.oid, m.amopfamily as family,
            'pg_catalog.pg_operator'::pg_catalog.regclass as made_of, o.oid as what, o.oprnamespace as namespace
        from pg_catalog.pg_amop as m
        inner join pg_catalog.pg_operator as o on m.amopopr = o.oid
        union all
        select 'pg_catalog.pg_amproc'::pg_catalog.regclass, m.oid, m.amprocfamily, 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, p.pronamespace
        from pg_catalog.pg_amproc as m
        inner join pg_catalog.pg_proc as p on m.amproc::pg_catalog.oid = p.oid
     ),

     extensions as (
        select classid, objid, pg_catalog.jsonb_agg(pg_catalog.concat_ws(' ', deptype, refobjid) order by refobjid) as names
        from (
            select * from of_extensions
            union all
            select m.classid, m.oid, f.deptype, f.refobjid
            from members as m
            inner join of_extensions as f on f.classid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass and m.family = f.objid
            where
                m.namespace = 'pg_catalog'::pg_catalog.regnamespace
                or exists (
                    select from of_extensions as w
                    where w.classid = m.made_of and w.objid = m.what and w.refobjid = f.refobjid
                )
        ) as o
        group by classid, objid
     ),

     labels as (
        select classoid, objoid, objsubid, pg_catalog.jsonb_object_agg(provider, label) as said
        from pg_catalog.pg_seclabel
        group by classoid, objoid, objsubid
     ),

     entries as (
        ${rows.map(({ catalog, columns }) => selectFrom(catalog, columns)).join(' union all ')}
        union all
        -- Its table is shut; the view tells the options to whoever may see them.
        select
            'pg_user_mapping', 'pg_catalog.pg_user_mapping'::pg_catalog.regclass, m.umid, 0, false,
            pg_catalog.to_jsonb(m) - array['umid', 'srvname', 'usename']
        from pg_catalog.pg_user_mappings as m
     )

     select
        n.catalog,
        pg_catalog.concat_ws(':', n.objid, n.part) as key,
        coalesce(
            -- It knows no such objects.
            case when n.catalog <> 'pg_replication_origin' then pg_catalog.pg_describe_object(n.classid, n.objid, n.part) end,
            pg_catalog.concat_ws(' ', n.catalog, n.objid)
        ) as label,
        pg_catalog.jsonb_strip_nulls(
            n.said || pg_catalog.jsonb_build_object(
                'extension', case when not n.is_part then x.names end,
                'comment', case when n.catalog <> all($1::text[]) then d.description end,
                'security label', s.said
            )
        ) as said
     from entries as n
     left join extensions as x on n.classid = x.classid and n.objid = x.objid
     left join labels as s on n.classid = s.classoid and n.objid = s.objoid and n.part = s.objsubid
     left join pg_catalog.pg_description as d on n.classid = d.classoid and n.objid = d.objoid and n.part = d.objsubid
     where n.objid >= ${firstOfUsers} or n.catalog in ('pg_database', 'pg_replication_origin')`,
    [commented],
  );
  return entries.rows;
}

function selectFrom(name: string, columns: readonly string[]): string {
  const { without = [], instead = {}, isTold = false, describes, where = 'true' } = catalogCalled(name);
  const { as, by, part } = describes ?? { as: name, by: 'oid' };
  const compared = columns.filter((column) => column !== by && column !== part && !without.includes(column));
  const pairs = (isTold ? compared.filter((column) => column in instead) : compared).map(
    (column) => `'${column}', ${instead[column] ?? `t.${column}`}`,
  );
  return `select '${name}' as catalog, 'pg_catalog.${as}'::pg_catalog.regclass::pg_catalog.oid as classid,
    t.${by}::pg_catalog.oid as objid, ${part === undefined ? '0' : `t.${part}::int`} as part,
    ${as !== name} as is_part, pg_catalog.jsonb_build_object(${pairs.join(', ')}) as said
    from pg_catalog.${name} as t where ${where}`;
}
