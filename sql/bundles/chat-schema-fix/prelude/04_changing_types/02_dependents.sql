--! Title: What depends on a column, and the statements that create it again

-- What depends on a column, or on any of some views: the statement that drops each, and the pieces that create it again.
create function schema_fix.dependents_of(target regclass, place smallint, views oid[])
returns table (removal text, restoring jsonb)
language sql
stable
as $$
    with dependents as (
        select distinct classid, objid as oid
        from pg_depend
        where refclassid = 'pg_class'::regclass
            and (refobjid = target and refobjsubid = place or refobjid = any (views))
    )
    -- Policies. Section 08 creates those of the four tables anyway.
    select
        format('drop policy %s', policy.name),
        case when not schema_fix.is_ours(policy.polrelid) then jsonb_build_array(
            jsonb_build_object(
                'opening',
                format(
                    'create policy %s as %s for %s to %s',
                    policy.name,
                    case when policy.polpermissive then 'permissive' else 'restrictive' end,
                    schema_fix.say_command(policy.polcmd),
                    (
                        select string_agg(case role when 0 then 'public' else role::regrole::text end, ', ')
                        from unnest(policy.polroles) as role
                    )
                ) || case policy.polcmd when 'a' then ' with check (' else ' using (' end,
                'kind', 'condition',
                'body', schema_fix.print_condition(
                    case policy.polcmd when 'a' then policy.polwithcheck else policy.polqual end, policy.polrelid
                ),
                'closing', ')',
                'relation', policy.polrelid
            ),
            case
                when policy.polcmd <> 'a' and policy.polwithcheck is not null then jsonb_build_object(
                    'opening', format('alter policy %s with check (', policy.name),
                    'kind', 'condition',
                    'body', schema_fix.print_condition(policy.polwithcheck, policy.polrelid),
                    'closing', ')',
                    'relation', policy.polrelid
                )
            end,
            schema_fix.statement('comment on policy %s is %L', policy.name, obj_description(policy.oid, 'pg_policy'))
        ) else '[]' end
    from (
        select *, format('%I on %s', polname, polrelid::regclass) as name
        from pg_policy
    ) as policy
    join dependents using (oid)
    where classid = 'pg_policy'::regclass
    union all
    -- Functions and procedures whose body Postgres has parsed: with an empty body they do not depend on the column, and keep their
    -- privileges.
    select
        routine.opening || 'as ''''',
        jsonb_build_array(jsonb_build_object(
            'opening', routine.opening, 'kind', 'function', 'body', schema_fix.print_function_body(routine.oid)
        ))
    from (
        select
            oid,
            -- The body is what Postgres prints last.
            left(definition, length(definition) - length(pg_get_function_sqlbody(oid)) - 1) as opening
        from pg_proc
        cross join lateral (select rtrim(pg_get_functiondef(oid), E'\n') || E'\n' as definition where prosqlbody is not null) as printed
        where oid in (select oid from dependents where classid = 'pg_proc'::regclass)
    ) as routine
    union all
    -- Rules, also those of other tables.
    select
        format('drop rule %I on %s', rulename, ev_class::regclass),
        jsonb_build_array(
            schema_fix.statement('%s', pg_get_ruledef(oid)),
            schema_fix.statement(
                'alter table %s %s rule %I', ev_class::regclass::text, schema_fix.firing_clause(ev_enabled), rulename::text
            )
        )
    from pg_rewrite
    join dependents using (oid)
    where classid = 'pg_rewrite'::regclass
        and rulename <> '_RETURN'
        and ev_class <> all (views)
    union all
    -- Publications that choose the table's rows by it, or list it. Before Postgres 15 there are none, nor the columns that say so.
    select
        format('alter publication %I drop table %s', publication.pubname, target),
        jsonb_build_array(
            case
                when chosen.rows is null then schema_fix.statement('%s', added.opening)
                else jsonb_build_object(
                    'opening', added.opening || ' where (', 'kind', 'row', 'body', chosen.rows, 'closing', ')', 'relation', target::oid
                )
            end
        )
    from dependents
    join pg_publication_rel as member using (oid)
    join pg_publication as publication
        on publication.oid = member.prpubid
    join pg_publication_tables as published
        on published.pubname = publication.pubname
        and format('%s.%s', published.schemaname, published.tablename) = schema_fix.written_name(target)
    cross join lateral (
        select
            to_jsonb(published) ->> 'rowfilter' as rows,
            case when to_jsonb(member) ->> 'prattrs' is not null then to_jsonb(published) -> 'attnames' end as columns
    ) as chosen
    cross join lateral (
        select format(
            'alter publication %I add table %s%s',
            publication.pubname,
            target,
            ' (' || (
                select string_agg(quote_ident(attname), ', ' order by attnum)
                from pg_attribute
                where attrelid = target
                    and attname = any (array(select jsonb_array_elements_text(chosen.columns)))
            ) || ')'
        ) as opening
    ) as added
    where classid = 'pg_publication_rel'::regclass
        and member.prrelid = target
        -- mutant: a publication that lists a column of another type stops the fix
        and (chosen.rows is not null or chosen.columns is not null)
    union all
    -- Triggers that name the column.
    select
        format('drop trigger %I on %s', tgname, target),
        jsonb_build_array(
            jsonb_build_object('kind', 'trigger', 'body', pg_get_triggerdef(oid), 'relation', target::oid),
            schema_fix.statement('alter table %s %s trigger %I', target::text, schema_fix.firing_clause(tgenabled), tgname::text),
            schema_fix.statement('comment on trigger %I on %s is %L', tgname::text, target::text, obj_description(oid, 'pg_trigger'))
        )
    from pg_trigger
    join dependents using (oid)
    where classid = 'pg_trigger'::regclass
        and tgrelid = target
        and not tgisinternal
    union all
    -- Indexes over expressions or with a predicate.
    select
        format('drop index %s', indexrelid::regclass),
        jsonb_build_array(
            jsonb_build_object('kind', 'index', 'body', pg_get_indexdef(indexrelid), 'relation', target::oid),
            schema_fix.statement('comment on index %s is %L', indexrelid::regclass::text, obj_description(indexrelid, 'pg_class'))
        )
    from pg_index
    join dependents
        on classid = 'pg_class'::regclass
        and oid = indexrelid
    where indrelid = target
        and (indpred is not null or indexprs is not null)
    union all
    -- Checks.
    select
        format('alter table %s drop constraint %I', target, conname),
        jsonb_build_array(
            jsonb_build_object(
                'opening', format('alter table %s add constraint %I ', target, conname),
                'kind', 'row',
                'body', pg_get_constraintdef(oid),
                'relation', target::oid
            ),
            schema_fix.statement(
                'comment on constraint %I on %s is %L', conname::text, target::text, obj_description(oid, 'pg_constraint')
            )
        )
    from pg_constraint
    where conrelid = target
        and contype = 'c'
        and place = any (conkey)
$$;
