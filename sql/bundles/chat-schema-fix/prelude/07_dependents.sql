--! Title: Tools that take off what depends on a column, and put it back

-- What of a catalog (policies, rules, …) reads a column, or any of some views.
create function schema_fix.objects_reading(
    catalog regclass, target regclass, place smallint, views oid[] default '{}'
) returns setof oid
language sql
stable
as $$
    select distinct objid
    from pg_depend
    where classid = catalog
        and refclassid = 'pg_class'::regclass
        and ((refobjid = target and refobjsubid = place) or refobjid = any (views))
$$;

-- Policies. Those on our own tables are not put back: section 08 makes them anyway.
create function schema_fix.policies_reading(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
as $$
    select
        format('drop policy %s', policy.name),
        case
            when schema_fix.is_ours(policy.polrelid) then '{}'
            else array[
                format(
                    'create policy %s as %s for %s to %s',
                    policy.name,
                    case when policy.polpermissive then 'permissive' else 'restrictive' end,
                    case policy.polcmd
                        when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all'
                    end,
                    (
                        select string_agg(
                            case when role = 0 then 'public' else quote_ident(pg_get_userbyid(role)) end,
                            ', '
                        )
                        from unnest(policy.polroles) as role
                    )
                )
                    || coalesce(' using (' || pg_get_expr(policy.polqual, policy.polrelid) || ')', '')
                    || coalesce(' with check (' || pg_get_expr(policy.polwithcheck, policy.polrelid) || ')', ''),
                format('comment on policy %s is %L', policy.name, obj_description(policy.oid, 'pg_policy'))
            ]
        end
    from (
        select *, format('%I on %s', polname, polrelid::regclass) as name
        from pg_policy
    ) as policy
    where policy.oid in (select schema_fix.objects_reading('pg_policy', target, place, views))
$$;

-- Functions and procedures whose body Postgres has read: an empty one lets go of the column, under the same privileges.
create function schema_fix.routines_reading(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
as $$
    select
        replace(routine.definition, pg_get_function_sqlbody(routine.oid), 'as '''''),
        array[routine.definition]
    from (
        select oid, pg_get_functiondef(oid) as definition
        from pg_proc
        where prosqlbody is not null
            and oid in (select schema_fix.objects_reading('pg_proc', target, place, views))
    ) as routine
$$;

-- Rules, also those of other tables.
create function schema_fix.rules_reading(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
as $$
    select
        format('drop rule %I on %s', rulename, ev_class::regclass),
        array[
            pg_get_ruledef(oid),
            format(
                'alter table %s %s rule %I', ev_class::regclass, schema_fix.firing_clause(ev_enabled), rulename
            )
        ]
    from pg_rewrite
    where oid in (select schema_fix.objects_reading('pg_rewrite', target, place, views))
        and rulename <> '_RETURN'
        and not ev_class = any (views)
$$;

-- Publications that choose the table's rows by it. Before Postgres 15 there are none, nor the columns that say so.
create function schema_fix.publications_reading(target regclass, place smallint)
returns table (removal text, restoring text[])
language sql
stable
as $$
    select
        format('alter publication %I drop table %s', publication.pubname, target),
        array[
            format(
                'alter publication %I add table %s%s where (%s)',
                publication.pubname,
                target,
                case
                    when to_jsonb(member) ->> 'prattrs' is not null
                        then (
                            select ' (' || string_agg(quote_ident(attname), ', ' order by attnum) || ')'
                            from pg_attribute
                            where attrelid = target
                                and attname = any (
                                    array(select jsonb_array_elements_text(to_jsonb(published) -> 'attnames'))
                                )
                        )
                end,
                to_jsonb(published) ->> 'rowfilter'
            )
        ]
    from pg_publication_rel as member
    join pg_publication as publication
        on publication.oid = member.prpubid
    join pg_publication_tables as published
        on published.pubname = publication.pubname
        and format('%I.%I', published.schemaname, published.tablename)::regclass = target
    where member.prrelid = target
        and member.oid in (select schema_fix.objects_reading('pg_publication_rel', target, place))
        and to_jsonb(published) ->> 'rowfilter' is not null
$$;

-- Triggers that name the column.
create function schema_fix.triggers_reading(target regclass, place smallint)
returns table (removal text, restoring text[])
language sql
stable
as $$
    select
        format('drop trigger %I on %s', tgname, target),
        array[
            pg_get_triggerdef(oid),
            format('alter table %s %s trigger %I', target, schema_fix.firing_clause(tgenabled), tgname),
            format(
                'comment on trigger %I on %s is %L', tgname, target, obj_description(oid, 'pg_trigger')
            )
        ]
    from pg_trigger
    where oid in (select schema_fix.objects_reading('pg_trigger', target, place))
        and not tgisinternal
$$;

-- Indexes over expressions or with a predicate, and checks: their text has to fit the new type.
create function schema_fix.expressions_reading(target regclass, place smallint)
returns table (removal text, restoring text[])
language sql
stable
as $$
    select
        format('drop index %s', indexrelid::regclass),
        array[
            pg_get_indexdef(indexrelid),
            format(
                'comment on index %s is %L',
                indexrelid::regclass, obj_description(indexrelid, 'pg_class')
            )
        ]
    from pg_index
    where indrelid = target
        and indexrelid in (select schema_fix.objects_reading('pg_class', target, place))
        and (indpred is not null or indexprs is not null)
    union all
    select
        format('alter table %s drop constraint %I', target, conname),
        array[
            format('alter table %s add constraint %I %s', target, conname, pg_get_constraintdef(oid)),
            format(
                'comment on constraint %I on %s is %L', conname, target, obj_description(oid, 'pg_constraint')
            )
        ]
    from pg_constraint
    where conrelid = target
        and contype = 'c'
        and place = any (conkey)
$$;

-- All of those, in this order: the statement that takes each off, and those that put it back.
create function schema_fix.dependents_of(target regclass, place smallint, views oid[])
returns table (removal text, restoring text[])
language sql
stable
as $$
    select * from schema_fix.policies_reading(target, place, views)
    union all
    select * from schema_fix.routines_reading(target, place, views)
    union all
    select * from schema_fix.rules_reading(target, place, views)
    union all
    select * from schema_fix.publications_reading(target, place)
    union all
    select * from schema_fix.triggers_reading(target, place)
    union all
    select * from schema_fix.expressions_reading(target, place)
$$;

-- Make something again that read columns whose type has changed: as it was; else with its constants (and the reader's
-- id) of the new type; else with a column, or all of them, cast to the type it had. Returns whether that was possible.
create function schema_fix.made_again(statement text, wanted_type regtype, changes jsonb) returns boolean
language plpgsql
as $$
declare
    -- Names, arguments and lists of columns take no cast.
    opening constant text := coalesce(
        substring(statement, '^CREATE OR REPLACE .*?\n(?=BEGIN ATOMIC|RETURN )'),
        substring(statement, '^create policy .*? (?=using \(|with check \()'),
        substring(statement, '^alter publication .*? where '),
        substring(statement, '^CREATE .*TRIGGER .* WHEN '),
        substring(statement, '^CREATE .*INDEX .* \([^()]*\) WHERE '),
        ''
    );
    body constant text := substr(statement, length(opening) + 1);
    changed record;
    variants text[] := array[body];
    all_cast text := body;
    variant text;
begin
    for changed in
        select distinct column_name, former_type
        from jsonb_to_recordset(changes) as change (column_name text, former_type text)
    loop
        variants := array_append(
            variants,
            regexp_replace(
                body,
                '(''[^'']*''|\(auth\.uid\(\)\))::' || changed.former_type || '\M',
                '\1::' || wanted_type::text,
                'g'
            )
        );
        for variant in select unnest(array[body, all_cast]) loop
            all_cast := regexp_replace(
                variant,
                '(?<!as |AS |USING \([^()]*|\w|\.)((?:\w+\.)*)\m' || changed.column_name || '\M',
                '(\1' || changed.column_name || ')::' || changed.former_type,
                'g'
            );
            variants := array_append(variants, all_cast);
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

-- Make again what had to wait until all columns had their types.
create function schema_fix.make_waiting_again(changes jsonb) returns void
language plpgsql
as $$
declare
    change jsonb;
    waiting text;
begin
    for change in select * from jsonb_array_elements(changes) loop
        for waiting in select * from jsonb_array_elements_text(change -> 'waiting') loop
            if not schema_fix.made_again(waiting, (change ->> 'wanted_type')::regtype, changes) then
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
