--! Title: Tools that take off what reads a column, and put it back

-- Tool: whether a table is one of the four.
create or replace function chat_quarantine.is_ours(target regclass) returns boolean
language sql
stable
set search_path = ''
as $$
    select exists (
        select
        from pg_catalog.pg_class
        where oid = target
            and relnamespace = 'public'::regnamespace
            and relname in ('chat_rooms', 'chat_room_members', 'room_members', 'chat_messages')
    )
$$;

-- Tool: what of a catalog (policies, rules, …) reads a column, or any of some views.
create or replace function chat_quarantine.objects_reading(
    catalog regclass, target regclass, place smallint, views oid[] default '{}'
) returns setof oid
language sql
stable
set search_path = ''
as $$
    select distinct objid
    from pg_catalog.pg_depend
    where classid = catalog
        and refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and ((refobjid = target and refobjsubid = place) or refobjid = any (views))
$$;

-- Tool: policies. Those on our own tables are not put back: section 08 makes them anyway.
create or replace function chat_quarantine.policies_reading(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
set search_path = ''
as $$
    select
        pg_catalog.format('drop policy %s', policy.name),
        case
            when chat_quarantine.is_ours(policy.polrelid) then '{}'
            else array[
                pg_catalog.format(
                    'create policy %s as %s for %s to %s',
                    policy.name,
                    case when policy.polpermissive then 'permissive' else 'restrictive' end,
                    case policy.polcmd
                        when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all'
                    end,
                    (
                        select pg_catalog.string_agg(
                            case when role = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(role)) end,
                            ', '
                        )
                        from unnest(policy.polroles) as role
                    )
                )
                    || coalesce(' using (' || pg_catalog.pg_get_expr(policy.polqual, policy.polrelid) || ')', '')
                    || coalesce(' with check (' || pg_catalog.pg_get_expr(policy.polwithcheck, policy.polrelid) || ')', ''),
                pg_catalog.format('comment on policy %s is %L', policy.name, pg_catalog.obj_description(policy.oid, 'pg_policy'))
            ]
        end
    from (
        select *, pg_catalog.format('%I on %s', polname, polrelid::pg_catalog.regclass) as name
        from pg_catalog.pg_policy
    ) as policy
    where policy.oid in (select chat_quarantine.objects_reading('pg_catalog.pg_policy', target, place, views))
$$;

-- Tool: functions and procedures whose body Postgres has read: an empty one lets go of the column, under the same privileges.
create or replace function chat_quarantine.routines_reading(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
set search_path = ''
as $$
    select
        pg_catalog.replace(routine.definition, pg_catalog.pg_get_function_sqlbody(routine.oid), 'as '''''),
        array[routine.definition]
    from (
        select oid, pg_catalog.pg_get_functiondef(oid) as definition
        from pg_catalog.pg_proc
        where prosqlbody is not null
            and oid in (select chat_quarantine.objects_reading('pg_catalog.pg_proc', target, place, views))
    ) as routine
$$;

-- Tool: rules, also those of other tables.
create or replace function chat_quarantine.rules_reading(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
set search_path = ''
as $$
    select
        pg_catalog.format('drop rule %I on %s', rulename, ev_class::pg_catalog.regclass),
        array[
            pg_catalog.pg_get_ruledef(oid),
            pg_catalog.format(
                'alter table %s %s rule %I', ev_class::pg_catalog.regclass, chat_quarantine.firing(ev_enabled), rulename
            )
        ]
    from pg_catalog.pg_rewrite
    where oid in (select chat_quarantine.objects_reading('pg_catalog.pg_rewrite', target, place, views))
        and rulename <> '_RETURN'
        and not ev_class = any (views)
$$;

-- Tool: publications that choose the table's rows by it. Before Postgres 15 there are none, nor the columns that say so.
create or replace function chat_quarantine.publications_reading(target regclass, place smallint)
returns table (removal text, restoring text[])
language sql
stable
set search_path = ''
as $$
    select
        pg_catalog.format('alter publication %I drop table %s', publication.pubname, target),
        array[
            pg_catalog.format(
                'alter publication %I add table %s%s where (%s)',
                publication.pubname,
                target,
                case
                    when pg_catalog.to_jsonb(member) ->> 'prattrs' is not null
                        then (
                            select ' (' || pg_catalog.string_agg(pg_catalog.quote_ident(attname), ', ' order by attnum) || ')'
                            from pg_catalog.pg_attribute
                            where attrelid = target
                                and attname = any (
                                    array(select pg_catalog.jsonb_array_elements_text(pg_catalog.to_jsonb(published) -> 'attnames'))
                                )
                        )
                end,
                pg_catalog.to_jsonb(published) ->> 'rowfilter'
            )
        ]
    from pg_catalog.pg_publication_rel as member
    join pg_catalog.pg_publication as publication
        on publication.oid = member.prpubid
    join pg_catalog.pg_publication_tables as published
        on published.pubname = publication.pubname
        and pg_catalog.format('%I.%I', published.schemaname, published.tablename)::pg_catalog.regclass = target
    where member.prrelid = target
        and member.oid in (select chat_quarantine.objects_reading('pg_catalog.pg_publication_rel', target, place))
        and pg_catalog.to_jsonb(published) ->> 'rowfilter' is not null
$$;

-- Tool: triggers that name the column.
create or replace function chat_quarantine.triggers_reading(target regclass, place smallint)
returns table (removal text, restoring text[])
language sql
stable
set search_path = ''
as $$
    select
        pg_catalog.format('drop trigger %I on %s', tgname, target),
        array[
            pg_catalog.pg_get_triggerdef(oid),
            pg_catalog.format('alter table %s %s trigger %I', target, chat_quarantine.firing(tgenabled), tgname),
            pg_catalog.format(
                'comment on trigger %I on %s is %L', tgname, target, pg_catalog.obj_description(oid, 'pg_trigger')
            )
        ]
    from pg_catalog.pg_trigger
    where oid in (select chat_quarantine.objects_reading('pg_catalog.pg_trigger', target, place))
        and not tgisinternal
$$;

-- Tool: indexes over expressions or with a predicate, and checks: their text has to fit the new type.
create or replace function chat_quarantine.expressions_reading(target regclass, place smallint)
returns table (removal text, restoring text[])
language sql
stable
set search_path = ''
as $$
    select
        pg_catalog.format('drop index %s', indexrelid::pg_catalog.regclass),
        array[
            pg_catalog.pg_get_indexdef(indexrelid),
            pg_catalog.format(
                'comment on index %s is %L',
                indexrelid::pg_catalog.regclass, pg_catalog.obj_description(indexrelid, 'pg_class')
            )
        ]
    from pg_catalog.pg_index
    where indrelid = target
        and indexrelid in (select chat_quarantine.objects_reading('pg_catalog.pg_class', target, place))
        and (indpred is not null or indexprs is not null)
    union all
    select
        pg_catalog.format('alter table %s drop constraint %I', target, conname),
        array[
            pg_catalog.format('alter table %s add constraint %I %s', target, conname, pg_catalog.pg_get_constraintdef(oid)),
            pg_catalog.format(
                'comment on constraint %I on %s is %L', conname, target, pg_catalog.obj_description(oid, 'pg_constraint')
            )
        ]
    from pg_catalog.pg_constraint
    where conrelid = target
        and contype = 'c'
        and place = any (conkey)
$$;

-- Tool: all of those, in this order: the statement that takes each off, and those that put it back.
create or replace function chat_quarantine.readers_of(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
set search_path = ''
as $$
    select * from chat_quarantine.policies_reading(target, place, views)
    union all
    select * from chat_quarantine.routines_reading(target, place, views)
    union all
    select * from chat_quarantine.rules_reading(target, place, views)
    union all
    select * from chat_quarantine.publications_reading(target, place)
    union all
    select * from chat_quarantine.triggers_reading(target, place)
    union all
    select * from chat_quarantine.expressions_reading(target, place)
$$;

-- Tool: make something again that read columns whose type has changed: as it was; else with its constants (and the reader's
-- id) of the new type; else with a column, or all of them, cast to the type it had. Returns whether that was possible.
create or replace function chat_quarantine.remade(statement text, wanted_type regtype, changes jsonb) returns boolean
language plpgsql
set search_path = ''
as $$
declare
    -- Names, arguments and lists of columns take no cast.
    opening constant text := coalesce(
        pg_catalog.substring(statement, '^CREATE OR REPLACE .*?\n(?=BEGIN ATOMIC|RETURN )'),
        pg_catalog.substring(statement, '^create policy .*? (?=using \(|with check \()'),
        pg_catalog.substring(statement, '^alter publication .*? where '),
        pg_catalog.substring(statement, '^CREATE .*TRIGGER .* WHEN '),
        pg_catalog.substring(statement, '^CREATE .*INDEX .* \([^()]*\) WHERE '),
        ''
    );
    body constant text := pg_catalog.substr(statement, pg_catalog.length(opening) + 1);
    changed record;
    variants text[] := array[body];
    all_cast text := body;
    variant text;
begin
    for changed in
        select distinct column_name, former_type
        from pg_catalog.jsonb_to_recordset(changes) as change (column_name text, former_type text)
    loop
        variants := pg_catalog.array_append(
            variants,
            pg_catalog.regexp_replace(
                body,
                '(''[^'']*''|\(auth\.uid\(\)\))::' || changed.former_type || '\M',
                '\1::' || wanted_type::text,
                'g'
            )
        );
        for variant in select unnest(array[body, all_cast]) loop
            all_cast := pg_catalog.regexp_replace(
                variant,
                '(?<!as |AS |USING \([^()]*|\w|\.)((?:\w+\.)*)\m' || changed.column_name || '\M',
                '(\1' || changed.column_name || ')::' || changed.former_type,
                'g'
            );
            variants := pg_catalog.array_append(variants, all_cast);
        end loop;
    end loop;

    foreach variant in array variants loop
        begin
            execute opening || variant;
            return true;
        exception
            when undefined_function or datatype_mismatch or invalid_object_definition or ambiguous_function
                or cannot_coerce or invalid_text_representation or invalid_function_definition
                or feature_not_supported or syntax_error
            then
                continue;
        end;
    end loop;
    return false;
end
$$;

-- Tool: make again what had to wait until all columns had their types.
create or replace function chat_quarantine.remake_waiting(changes jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
    change jsonb;
    waiting text;
begin
    for change in select * from pg_catalog.jsonb_array_elements(changes) loop
        for waiting in select * from pg_catalog.jsonb_array_elements_text(change -> 'waiting') loop
            if not chat_quarantine.remade(waiting, (change ->> 'wanted_type')::regtype, changes) then
                raise exception 'the column % is now %, which does not suit: %',
                    change ->> 'column_name', change ->> 'wanted_type', waiting
                    using
                        errcode = 'feature_not_supported',
                        hint = 'Drop what the statement makes, run the fix, and make it again for the new type.';
            end if;
        end loop;
    end loop;
end
$$;
