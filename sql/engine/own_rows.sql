--! Title: Tables to which one of the roles $1 may add rows of themselves, or of which it may delete its own, as no rule for it reads other rows; and the columns that its rules ask, or that a rule, a privilege or a trigger decides of
with
rules as (
    select
        o.polrelid, o.polroles, o.polpermissive, v.verb,
        pg_catalog.pg_get_expr(t.tree, o.polrelid) as said,
        t.tree::text ~ ':rtekind 0'
        or exists (
            select from pg_catalog.regexp_matches(t.tree::text, ':funcid (\d+)', 'g') as m (found)
            inner join pg_catalog.pg_proc as p on m.found[1]::pg_catalog.oid = p.oid
            where pg_catalog.concat(p.prosrc, pg_catalog.to_jsonb(p) ->> 'prosqlbody') ~* '\mfrom\M|:rtekind 0'
        ) as reads_rows
    from pg_catalog.pg_policy as o
    cross join (values ('add', 'a'), ('delete', 'd')) as v (verb, command)
    cross join lateral (select case when v.verb = 'add' then coalesce(o.polwithcheck, o.polqual) else o.polqual end as tree) as t
    where o.polcmd::text in ('*', v.command)
),

own as (
    select n.nspname || '.' || c.relname as name, c.oid, v.verb, g.oid as role, g.rolname, o.said
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    inner join pg_catalog.pg_roles as g on g.rolname = any($1::text[])
    cross join (values ('add'), ('delete')) as v (verb)
    left join rules as o
        on
            c.relrowsecurity and o.polrelid = c.oid and o.verb = v.verb
            and exists (
                select from pg_catalog.unnest(o.polroles) as m
                where case when m = 0 then true else pg_catalog.pg_has_role(g.oid, m, 'usage') end
            )
    where
        c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
        and pg_catalog.has_schema_privilege(g.oid, n.oid, 'usage')
        and case v.verb
            when 'add' then pg_catalog.has_any_column_privilege(g.oid, c.oid, 'insert')
            else pg_catalog.has_table_privilege(g.oid, c.oid, 'delete')
        end
        and (not c.relrowsecurity or (o.polpermissive and not o.reads_rows and coalesce(o.said, 'true') <> 'false'))
        -- One that restricts may ask whatever it likes.
        and not exists (
            select from rules as r where c.relrowsecurity and r.polrelid = c.oid and r.verb = v.verb and not r.polpermissive
        )
        -- A trigger before it may refuse it, which scenarios try; of what is added, `columns` says what one decides.
        and not exists (
            select from pg_catalog.pg_trigger as t
            where v.verb = 'delete' and t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D' and t.tgtype & 10 = 10
        )
)

select
    d.name,
    d.verb,
    pg_catalog.array_agg(distinct d.rolname::text order by d.rolname::text) as roles,
    (
        select coalesce(pg_catalog.json_object_agg(a.attname, x.is_decided), '{}')
        from pg_catalog.pg_attribute as a
        cross join lateral (
            select
                pg_catalog.bool_and(
                    a.attgenerated <> '' or not pg_catalog.has_column_privilege(e.role, e.oid, a.attnum, 'insert')
                    -- Beside a constant.
                    or coalesce(e.said, '') ~ (
                        '(?n)\m' || pg_catalog.regexp_replace(a.attname::text, '\W', '.', 'g')
                        || '\M"?\)*(::[\w .]+)?\)*( (=|<>|<|>|<=|>=|!?~~?\*?) (ANY |ALL )?\(*(ARRAY\[)?\(*(''|-?\d|true|false|NULL)| IS )'
                    )
                )
                or exists (
                    select from pg_catalog.pg_trigger as t
                    inner join pg_catalog.pg_proc as p on t.tgfoid = p.oid
                    where
                        t.tgrelid = d.oid and not t.tgisinternal and t.tgenabled <> 'D' and t.tgtype & 6 = 6
                        and a.attname::text = any(pg_catalog.regexp_split_to_array(p.prosrc, '[^A-Za-z0-9_]+'))
                ) as is_decided
            from own as e
            where e.oid = d.oid and e.verb = d.verb
        ) as x
        where a.attrelid = d.oid and a.attnum > 0 and not a.attisdropped and d.verb = 'add'
    ) as columns,
    -- Columns of which its rules ask who it is; none: whosever row it is.
    array(
        select a.attname::text
        from pg_catalog.pg_attribute as a
        where
            a.attrelid = d.oid and a.attnum > 0 and not a.attisdropped
            and exists (
                select from own as e
                where
                    e.oid = d.oid and e.verb = d.verb
                    and a.attname::text = any(pg_catalog.regexp_split_to_array(e.said, '[^A-Za-z0-9_]+'))
            )
    ) as asked,
    (
        select coalesce(pg_catalog.json_agg(array(
            select a.attname::text from pg_catalog.pg_attribute as a where a.attrelid = i.indrelid and a.attnum = any(i.indkey::int2[])
        )), '[]')
        from pg_catalog.pg_index as i
        where i.indrelid = d.oid and i.indisunique and i.indexprs is null and i.indpred is null and d.verb = 'add'
    ) as keys,
    (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'table', m.nspname || '.' || o.relname,
            'columns', array(
                select a.attname::text from pg_catalog.pg_attribute as a where a.attrelid = d.oid and a.attnum = any(k.confkey)
            )
        )), '[]')
        from pg_catalog.pg_constraint as k
        inner join pg_catalog.pg_class as o on k.conrelid = o.oid
        inner join pg_catalog.pg_namespace as m on o.relnamespace = m.oid
        where k.contype = 'f' and k.confrelid = d.oid and d.verb = 'add'
    ) as pointers
from own as d
group by d.name, d.oid, d.verb
