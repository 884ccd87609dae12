--! Title: Tools that make views again

-- Tool: the views over a column (or, with no place given, over any column) and the views over those, each at its
-- greatest depth.
create or replace function chat_quarantine.view_tree(target regclass, place smallint)
returns table (oid oid, depth integer)
language sql
stable
set search_path = ''
as $$
    with recursive reader (oid, depth) as (
        select rule.ev_class, 1
        from pg_catalog.pg_depend as dependency
        join pg_catalog.pg_rewrite as rule
            on rule.oid = dependency.objid
        where dependency.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
            and dependency.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dependency.refobjid = target
            and (place is null or dependency.refobjsubid = place)
            and rule.ev_class <> target
            and rule.rulename = '_RETURN'
        union
        select rule.ev_class, reader.depth + 1
        from reader
        join pg_catalog.pg_depend as dependency
            on dependency.refobjid = reader.oid
            and dependency.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dependency.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        join pg_catalog.pg_rewrite as rule
            on rule.oid = dependency.objid
        where rule.ev_class <> reader.oid
            and rule.rulename = '_RETURN'
    )
    select reader.oid, pg_catalog.max(reader.depth)
    from reader
    group by reader.oid
$$;

-- Tool: the views that read a column, directly or through other views, with the statements that make each again.
create or replace function chat_quarantine.views_over(target regclass, place smallint)
returns table (name text, depth integer, definition text[])
language plpgsql
stable
set search_path = ''
as $$
declare
    unmovable text;
begin
    select pg_catalog.string_agg(relation.oid::pg_catalog.regclass::text, ', ')
    into unmovable
    from chat_quarantine.view_tree(target, place) as found
    join pg_catalog.pg_class as relation
        on relation.oid = found.oid
    where relation.relkind <> 'v'
        or exists (select from pg_catalog.pg_attribute where attrelid = relation.oid and attacl is not null);
    if unmovable is not null then
        raise exception 'the type of a column of % has to change, and % cannot be made again as it was', target, unmovable
            using
                errcode = 'feature_not_supported',
                hint = 'Drop it, run the fix, and make it again.';
    end if;

    return query
    select
        view.oid::pg_catalog.regclass::text,
        found.depth,
        array[
            pg_catalog.format(
                'create view %s %s as %s',
                view.oid::pg_catalog.regclass,
                'with (' || pg_catalog.array_to_string(view.reloptions, ', ') || ')',
                pg_catalog.pg_get_viewdef(view.oid)
            ),
            pg_catalog.format(
                'select chat_quarantine.keep_types(%L, %L)',
                view.oid::pg_catalog.regclass,
                (
                    select pg_catalog.jsonb_object_agg(attname, pg_catalog.format_type(atttypid, atttypmod))
                    from pg_catalog.pg_attribute
                    where attrelid = view.oid
                        and attnum > 0
                )
            ),
            pg_catalog.format('comment on view %s is %L', view.oid::pg_catalog.regclass, pg_catalog.obj_description(view.oid))
        ]
        || array(
            select pg_catalog.format('comment on column %s.%I is %L', view.oid::pg_catalog.regclass, attname, description)
            from pg_catalog.pg_description
            join pg_catalog.pg_attribute
                on attrelid = objoid
                and attnum = objsubid
            where classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
                and objoid = view.oid
        )
        -- What makes it writable.
        || array(
            select pg_catalog.pg_get_ruledef(rule.oid)
            from pg_catalog.pg_rewrite as rule
            where rule.ev_class = view.oid
                and rule.rulename <> '_RETURN'
            union all
            select pg_catalog.pg_get_triggerdef(trigger.oid)
            from pg_catalog.pg_trigger as trigger
            where trigger.tgrelid = view.oid
                and not trigger.tgisinternal
        )
        || pg_catalog.format(
            'revoke all on %s from public, anon, authenticated, service_role, %s',
            view.oid::pg_catalog.regclass, pg_catalog.quote_ident(current_user)
        )
        || pg_catalog.format('grant all on %s to %I', view.oid::pg_catalog.regclass, current_user)
        || array(
            select pg_catalog.format(
                'grant %s on %s to %s%s',
                granted.privilege_type,
                view.oid::pg_catalog.regclass,
                case when granted.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(granted.grantee)) end,
                case when granted.is_grantable then ' with grant option' end
            )
            from pg_catalog.aclexplode(view.relacl) as granted
            where granted.grantee <> view.relowner
        )
        || pg_catalog.format('alter view %s owner to %I', view.oid::pg_catalog.regclass, pg_catalog.pg_get_userbyid(view.relowner))
    from chat_quarantine.view_tree(target, place) as found
    join pg_catalog.pg_class as view
        on view.oid = found.oid;
end
$$;

-- Tool: a view that was made again gives its readers what it gave before, also where the column behind it has another type.
create or replace function chat_quarantine.keep_types(view regclass, types jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
    name constant text := view::text;
    options constant text := (
        select 'with (' || pg_catalog.array_to_string(reloptions, ', ') || ')' from pg_catalog.pg_class where oid = view
    );
    answer constant text := pg_catalog.rtrim(pg_catalog.pg_get_viewdef(view), ';');
    columns constant text := (
        select pg_catalog.string_agg(
            pg_catalog.format(
                case when format_type(atttypid, atttypmod) = types ->> attname then 'answer.%1$I' else 'answer.%1$I::%2$s as %1$I' end,
                attname,
                types ->> attname
            ),
            ', ' order by attnum
        )
        from pg_catalog.pg_attribute
        where attrelid = view
            and attnum > 0
    );
begin
    if pg_catalog.strpos(columns, '::') > 0 then
        execute pg_catalog.format('drop view %s', name);
        execute pg_catalog.format('create view %s %s as select %s from (%s) as answer', name, options, columns, answer);
    end if;
end
$$;
