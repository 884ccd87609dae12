--! Title: The tables of the fix and whatever else a role of the API may touch, with its privileges column by column
with
roles as (
    select r.rolname as role, r.oid, r.rolbypassrls as bypasses
    from pg_catalog.pg_roles as r
    where r.rolname = any($1::pg_catalog.text[])
),

relations as (
    select c.*, n.nspname
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where
        c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and n.nspname !~ '^pg_(toast_)?temp_'
        -- What an extension brings along answers about the server, not about somebody's rows.
        and not exists (
            select from pg_catalog.pg_depend as d
            where
                d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                and d.deptype = 'e'
        )
),

touched as (
    select
        r.role,
        r.oid as role_oid,
        r.bypasses,
        t.oid,
        t.nspname,
        t.relname,
        t.relkind,
        t.relowner,
        t.relrowsecurity,
        pg_catalog.has_schema_privilege(r.oid, t.relnamespace, 'usage') as enters,
        pg_catalog.has_table_privilege(r.oid, t.oid, 'select') as reads_whole,
        pg_catalog.has_table_privilege(r.oid, t.oid, 'delete') as deletes
    from roles as r
    inner join relations as t on
        (
            pg_catalog.has_schema_privilege(r.oid, t.relnamespace, 'usage')
            and (
                pg_catalog.has_table_privilege(r.oid, t.oid, 'select, insert, update, delete')
                or pg_catalog.has_any_column_privilege(r.oid, t.oid, 'select, insert, update')
            )
        )
        -- Whoever is let in to a table of the fix where nobody was has gained its rows.
        or t.nspname || '.' || t.relname = any($2::pg_catalog.text[])
)

select
    t.role,
    t.nspname as schema,
    t.relname as name,
    t.relkind as kind,
    t.enters and t.reads_whole as "readsWhole",
    t.enters and t.deletes as deletes,
    c.columns,
    -- Its owner, or that of a function that a policy asks, is somebody whom a role of the API can become: their code would
    -- run whenever it is read.
    exists (
        select
        from roles as r
        where
            pg_catalog.pg_has_role(r.oid, t.relowner, 'member')
            or exists (
                select
                from pg_catalog.pg_policy as o
                inner join pg_catalog.pg_depend as d
                    on d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and d.objid = o.oid
                inner join pg_catalog.pg_proc as f
                    on d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.refobjid = f.oid
                where o.polrelid = t.oid and pg_catalog.pg_has_role(r.oid, f.proowner, 'member')
            )
    ) as "isStrangers",
    case when t.relkind in ('r', 'p') then pg_catalog.pg_table_size(t.oid) else 0 end as bytes,
    -- Who reads past the policies sees every row: only then does a row that is missing mean that it is gone.
    pg_catalog.has_schema_privilege(n.oid, 'usage')
    and pg_catalog.has_table_privilege(t.oid, 'select')
    and not pg_catalog.row_security_active(t.oid) as "isListable",
    pg_catalog.pg_relation_is_updatable(t.oid, true) as updatable,
    exists (
        select from pg_catalog.pg_trigger as g where g.tgrelid = t.oid and g.tgtype & 4 <> 0 and g.tgtype & 64 <> 0
    ) as "addsByTrigger",
    -- The commands for which a policy lets somebody in; all, where no policy is asked.
    case
        when not t.relrowsecurity or t.bypasses or pg_catalog.pg_has_role(t.role_oid, t.relowner, 'usage') then 'rawd'
        else coalesce(p.commands, '')
    end as commands,
    t.relrowsecurity and not t.bypasses and not pg_catalog.pg_has_role(t.role_oid, t.relowner, 'usage') as "isGuarded",
    coalesce(p.policies, '[]') as policies,
    -- What decides about a row that is not there yet: as it is written, and by its parts, which a new name leaves as they are.
    pg_catalog.json_build_object(
        'written', pg_catalog.md5(pg_catalog.concat_ws(' ', t.relrowsecurity, t.relowner, t.relkind, p.definitions)),
        'parts', pg_catalog.md5(pg_catalog.concat_ws(' ', t.relrowsecurity, t.relowner, t.relkind, p.parts))
    ) as rules
from touched as t
inner join pg_catalog.pg_namespace as n on n.nspname = t.nspname
cross join lateral (
    select
        pg_catalog.json_agg(
            pg_catalog.json_build_object(
                'name', a.attname,
                'reads', t.enters and pg_catalog.has_column_privilege(t.role_oid, t.oid, a.attnum, 'select'),
                'adds', t.enters and pg_catalog.has_column_privilege(t.role_oid, t.oid, a.attnum, 'insert')
                and a.attgenerated = '',
                'changes', t.enters and pg_catalog.has_column_privilege(t.role_oid, t.oid, a.attnum, 'update')
                and a.attgenerated = '' and a.attidentity <> 'a'
                and (t.relkind <> 'v' or pg_catalog.pg_column_is_updatable(t.oid, a.attnum, true)),
                'isFree', (a.atthasdef or not a.attnotnull)
                and not exists (
                    select from pg_catalog.pg_index as i
                    where i.indrelid = t.oid and i.indisunique and a.attnum = any(i.indkey)
                )
            )
            order by a.attnum
        ) as columns
    from pg_catalog.pg_attribute as a
    where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
) as c
left join lateral (
    select pg_catalog.string_agg(
        case
            when not o.polpermissive then ''
            when o.polcmd = '*' then 'rawd'
            else o.polcmd::pg_catalog.text
        end,
        ''
    ) as commands,
    pg_catalog.json_agg(
        pg_catalog.json_build_object(
            'name', o.polname, 'isPermissive', o.polpermissive, 'command', o.polcmd
        )
        order by o.polname
    ) as policies,
    pg_catalog.string_agg(
        pg_catalog.concat_ws(
            ' ', o.polname, o.polpermissive, o.polcmd, o.polroles::pg_catalog.text,
            pg_catalog.pg_get_expr(o.polqual, o.polrelid), pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid)
        ),
        ' '
        order by o.polname
    ) as definitions,
    pg_catalog.string_agg(
        pg_catalog.concat_ws(
            ' ', o.polname, o.polpermissive, o.polcmd, o.polroles::pg_catalog.text,
            pg_catalog.regexp_replace(pg_catalog.concat(o.polqual, ' check ', o.polwithcheck), ':location -?\d+', '', 'g')
        ),
        ' '
        order by o.polname
    ) as parts
    from pg_catalog.pg_policy as o
    where o.polrelid = t.oid
) as p on true
where c.columns is not null
order by t.role, t.nspname, t.relname
