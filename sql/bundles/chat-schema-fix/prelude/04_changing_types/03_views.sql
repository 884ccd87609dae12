--! Title: Tools that make views again

-- The views over a column and the views over those, each at its greatest depth.
create function schema_fix.view_tree(target regclass, place smallint)
returns table (oid oid, depth integer)
language sql
stable
as $$
    with recursive reader (oid, place, depth) as (
        select target::oid, place, 0
        union
        select rule.ev_class, null, reader.depth + 1
        from reader
        join pg_depend as dependency
            on dependency.classid = 'pg_rewrite'::regclass
            and dependency.refclassid = 'pg_class'::regclass
            and dependency.refobjid = reader.oid
            and dependency.refobjsubid = coalesce(reader.place, dependency.refobjsubid)
        join pg_rewrite as rule
            on rule.oid = dependency.objid
            and rule.rulename = '_RETURN'
            and rule.ev_class <> reader.oid
    )
    select reader.oid, max(reader.depth)
    from reader
    where reader.depth > 0
    group by reader.oid
$$;

-- Materialized views that were made again, in the order of what they read: section 11 fills them.
create table schema_fix.views_to_fill (place integer generated always as identity, name text not null);

-- What a view is called in statements.
create function schema_fix.kind_of_view(view oid) returns text
language sql
stable
return (select case relkind when 'm' then 'materialized view' else 'view' end from pg_class where oid = view);

-- The views that read a column, directly or through other views, with the statements that make each again.
create function schema_fix.views_over(target regclass, place smallint)
returns table (name text, kind text, depth integer, pieces jsonb)
language plpgsql
stable
as $$
begin
    return query
    select
        view.oid::regclass::text,
        view.kind,
        found.depth,
        jsonb_build_array(
            jsonb_build_object(
                'opening',
                concat_ws(
                    ' ', 'create', view.kind, view.oid::regclass, 'with (' || array_to_string(view.reloptions, ', ') || ')', 'as '
                ),
                'kind', 'query',
                'body', schema_fix.print_query(view.oid),
                'closing', case view.relkind when 'm' then ' with no data' end
            ),
            schema_fix.statement(
                'select schema_fix.keep_types(%L, %L)',
                view.oid::regclass::text,
                (
                    select jsonb_object_agg(attname, format_type(atttypid, atttypmod))
                    from pg_attribute
                    where attrelid = view.oid
                        and attnum > 0
                )::text
            ),
            schema_fix.statement('comment on %s %s is %L', view.kind, view.oid::regclass::text, obj_description(view.oid))
        )
        || (
            select coalesce(jsonb_agg(schema_fix.statement('%s', statement)), '[]')
            from (
                select format('comment on column %s.%I is %L', view.oid::regclass, attname, description) as statement
                from pg_description
                join pg_attribute
                    on attrelid = objoid
                    and attnum = objsubid
                where classoid = 'pg_class'::regclass
                    and objoid = view.oid
                -- What makes it writable.
                union all
                select format('alter view %s alter %I set default %s', view.oid::regclass, attname, pg_get_expr(adbin, adrelid))
                from pg_attrdef
                join pg_attribute
                    on attrelid = adrelid
                    and attnum = adnum
                where adrelid = view.oid
                union all
                select pg_get_ruledef(rule.oid)
                from pg_rewrite as rule
                where rule.ev_class = view.oid
                    and rule.rulename <> '_RETURN'
                union all
                select pg_get_triggerdef(trigger.oid)
                from pg_trigger as trigger
                where trigger.tgrelid = view.oid
                    and not trigger.tgisinternal
                union all
                select format('comment on rule %I on %s is %L', rule.rulename, view.oid::regclass, obj_description(rule.oid, 'pg_rewrite'))
                from pg_rewrite as rule
                where rule.ev_class = view.oid
                    and obj_description(rule.oid, 'pg_rewrite') is not null
                union all
                select format('comment on trigger %I on %s is %L', trigger.tgname, view.oid::regclass, obj_description(trigger.oid, 'pg_trigger'))
                from pg_trigger as trigger
                where trigger.tgrelid = view.oid
                    and obj_description(trigger.oid, 'pg_trigger') is not null
                -- Its indexes, and its content.
                union all
                select pg_get_indexdef(index.indexrelid)
                from pg_index as index
                where index.indrelid = view.oid
                union all
                select format('comment on index %s is %L', index.indexrelid::regclass, obj_description(index.indexrelid))
                from pg_index as index
                where index.indrelid = view.oid
                    and obj_description(index.indexrelid) is not null
                union all
                select format('alter materialized view %s cluster on %I', view.oid::regclass, relation.relname)
                from pg_index as index
                join pg_class as relation
                    on relation.oid = index.indexrelid
                where index.indrelid = view.oid
                    and index.indisclustered
                union all
                -- mutant: a materialized view comes back empty
                select format('insert into schema_fix.views_to_fill (name) values (%L)', view.oid::regclass)
                where view.relkind = 'm'
                    and view.relispopulated
                -- Its privileges, and its owner last.
                union all
                select format(
                    'revoke all on %s from public, anon, authenticated, service_role, %I', view.oid::regclass, current_user
                )
                union all
                select format('grant all on %s to %I', view.oid::regclass, current_user)
                union all
                select format(
                    'grant %s on %s to %s%s',
                    granted.privilege_type,
                    view.oid::regclass,
                    case when granted.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(granted.grantee)) end,
                    case when granted.is_grantable then ' with grant option' end
                )
                from aclexplode(view.relacl) as granted
                where granted.grantee <> view.relowner
                union all
                select format(
                    'grant %s (%I) on %s to %s%s',
                    granted.privilege_type,
                    attribute.attname,
                    view.oid::regclass,
                    case when granted.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(granted.grantee)) end,
                    case when granted.is_grantable then ' with grant option' end
                )
                from pg_attribute as attribute
                cross join lateral aclexplode(attribute.attacl) as granted
                where attribute.attrelid = view.oid
                union all
                select format('alter %s %s owner to %I', view.kind, view.oid::regclass, pg_get_userbyid(view.relowner))
            ) as restoring
        )
    from schema_fix.view_tree(target, place) as found
    join (select *, schema_fix.kind_of_view(oid) as kind from pg_class) as view
        on view.oid = found.oid;
end
$$;

-- A view that was made again gives its readers what it gave before, also where the column behind it has another type.
create function schema_fix.keep_types(view regclass, types jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    name constant text := view::text;
    kind constant text := schema_fix.kind_of_view(view);
    options constant text := (
        select 'with (' || array_to_string(reloptions, ', ') || ')' from pg_class where oid = view
    );
    answer constant text := rtrim(pg_get_viewdef(view), ';');
    columns constant text := (
        select string_agg(
            format(
                case
                    when format_type(atttypid, atttypmod) = types ->> attname
                        or not schema_fix.takes_our_words((types ->> attname)::regtype)
                        then 'answer.%1$I'
                    else 'answer.%1$I::%2$s as %1$I'
                end,
                attname,
                types ->> attname
            ),
            ', ' order by attnum
        )
        from pg_attribute
        where attrelid = view
            and attnum > 0
    );
begin
    if strpos(columns, '::') > 0 then
        execute format('drop %s %s', kind, name);
        execute format(
            'create %s %s %s as select %s from (%s) as answer%s',
            kind, name, options, columns, answer, case kind when 'materialized view' then ' with no data' end
        );
    end if;
end
$$;
