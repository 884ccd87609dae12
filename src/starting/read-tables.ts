/** A database → its tables, as far as a bundle has to know them. */
import { quoteIdentifier } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import type { Table } from './there.js';

interface Found extends Omit<Table, 'name' | 'quoted'> {
  readonly schema: string;
  readonly relation: string;
}

/** Those of the host are left out, but for the accounts that keys lead to. */
export async function readTables(session: Session, hostSchemas: readonly string[]): Promise<Table[]> {
  const { rows } = await session.query<Found>(query, [hostSchemas]);
  return rows.map(({ schema, relation, ...table }) => ({
    ...table,
    name: `${schema}.${relation}`,
    quoted: `${quoteIdentifier(schema)}.${quoteIdentifier(relation)}`,
  }));
}

const names = (numbers: string, table = 'c.oid') => `coalesce((
        select pg_catalog.json_agg(a.attname order by k.position)
        from pg_catalog.unnest(${numbers}) with ordinality as k (number, position)
        inner join pg_catalog.pg_attribute as a on a.attrelid = ${table} and a.attnum = k.number
    ), '[]')`;

const query = `
select
    n.nspname as schema,
    c.relname as relation,
    c.relispartition as "isPartition",
    c.relrowsecurity as "hasRowSecurity",
    (select pg_catalog.count(*)::int from pg_catalog.pg_policy where polrelid = c.oid) as policies,
    coalesce((
        select pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', a.attname,
            'type', pg_catalog.format_type(b.oid, case when b.oid = a.atttypid then a.atttypmod else b.modifier end),
            'domainChecks', case when t.typtype = 'd' then coalesce((
                select pg_catalog.json_agg(pg_catalog.pg_get_constraintdef(oid))
                from pg_catalog.pg_constraint where contypid = t.oid
            ), '[]') end,
            'labels', coalesce((
                select pg_catalog.json_agg(e.enumlabel order by e.enumsortorder)
                from pg_catalog.pg_enum as e where e.enumtypid = b.oid
            ), '[]'),
            'isRequired', a.attnotnull or t.typnotnull,
            'isFilled', a.atthasdef or a.attidentity <> '' or t.typdefault is not null,
            'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
            'isGenerated', a.attgenerated <> '' or a.attidentity = 'a',
            'isNumbered', a.attidentity <> '' or coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) like 'nextval(%', false)
        ) order by a.attnum)
        from pg_catalog.pg_attribute as a
        inner join pg_catalog.pg_type as t on t.oid = a.atttypid
        cross join lateral (
            with recursive base (oid, modifier) as (
                select t.oid, a.atttypmod
                union all
                select d.typbasetype, d.typtypmod
                from base inner join pg_catalog.pg_type as d on d.oid = base.oid and d.typtype = 'd'
            )
            select base.oid, base.modifier
            from base inner join pg_catalog.pg_type as s on s.oid = base.oid and s.typtype <> 'd'
        ) as b
        left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ), '[]') as columns,
    coalesce((
        select ${names('k.conkey')} from pg_catalog.pg_constraint as k where k.conrelid = c.oid and k.contype = 'p'
    ), '[]') as "primaryKey",
    coalesce((
        select pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', i.relname, 'columns', ${names('x.indkey::smallint[]')}
        ) order by i.relname)
        from pg_catalog.pg_index as x
        inner join pg_catalog.pg_class as i on i.oid = x.indexrelid
        where x.indrelid = c.oid and x.indisunique
    ), '[]') as unique,
    coalesce((
        select pg_catalog.json_agg(pg_catalog.json_build_object(
            'columns', ${names('k.conkey')},
            'parent', p.nspname || '.' || r.relname,
            'parentColumns', ${names('k.confkey', 'r.oid')}
        ) order by k.conname)
        from pg_catalog.pg_constraint as k
        inner join pg_catalog.pg_class as r on r.oid = k.confrelid
        inner join pg_catalog.pg_namespace as p on p.oid = r.relnamespace
        where k.conrelid = c.oid and k.contype = 'f'
    ), '[]') as keys,
    coalesce((
        select pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', k.conname, 'definition', pg_catalog.pg_get_constraintdef(k.oid), 'columns', ${names('k.conkey')}
        ) order by k.conname)
        from pg_catalog.pg_constraint as k
        where k.conrelid = c.oid and k.contype = 'c'
    ), '[]') as checks,
    case when c.relkind = 'p' then (
        select pg_catalog.json_build_object(
            'columns', coalesce(pg_catalog.json_agg(distinct a.attname) filter (where a.attname is not null), '[]'),
            'bounds', coalesce(pg_catalog.string_agg(distinct pg_catalog.pg_get_expr(r.relpartbound, r.oid), ' '), '')
        )
        from pg_catalog.pg_partition_tree(c.oid) as t
        inner join pg_catalog.pg_class as r on r.oid = t.relid
        left join pg_catalog.pg_partitioned_table as p on p.partrelid = r.oid
        left join pg_catalog.pg_attribute as a on a.attrelid = r.oid and a.attnum = any (p.partattrs::smallint[])
    ) end as partitions,
    coalesce((
        select pg_catalog.json_agg(distinct coalesce(r.rolname, 'public'))
        from (
            select g.grantee, g.privilege_type from pg_catalog.aclexplode(c.relacl) as g
            union all
            select g.grantee, g.privilege_type
            from pg_catalog.pg_attribute as a cross join lateral pg_catalog.aclexplode(a.attacl) as g
            where a.attrelid = c.oid and a.attnum > 0
        ) as g
        left join pg_catalog.pg_roles as r on r.oid = g.grantee
        where
            g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            and g.grantee <> c.relowner
            and not coalesce(r.rolsuper or r.rolbypassrls or pg_catalog.pg_has_role(r.oid, c.relowner, 'usage'), false)
    ), '[]') as grantees
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where
    c.relkind in ('r', 'p')
    and c.relpersistence <> 't'
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'schema_fix_host', 'schema_fix_history')
    and (n.nspname <> all ($1) or (n.nspname = 'auth' and c.relname = 'users'))
    and not exists (
        select from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by 1, 2`;
