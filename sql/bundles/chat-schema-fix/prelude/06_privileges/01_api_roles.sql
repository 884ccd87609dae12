--! Title: Tools that know whom the API can become

-- Whether a role is the API's: the two that its requests run as, the one that becomes them, and whatever these can become in
-- turn. A role that bypasses row level security, and the one that runs the fix, have every access already.
create function schema_fix.is_api_role(id oid) returns boolean
language sql
stable
as $$
    select coalesce(
        (
            select
                not (role.rolsuper or role.rolbypassrls)
                and role.rolname <> current_user
                and exists (
                    select
                    from pg_roles as api
                    where api.rolname in ('anon', 'authenticated', 'authenticator')
                        and pg_has_role(api.oid, role.oid, 'member')
                )
            from pg_roles as role
            where role.oid = id
        ),
        false
    )
$$;

-- The functions that an expression calls, except those in this list: they neither run SQL nor change anything. The list holds also
-- what only looks like a function (`ANY (…)`, `varchar(20)`).
create function schema_fix.unusual_functions(expression text) returns text[]
language sql
immutable
as $$
    select array(
        select distinct call[1]
        -- A string constant is no call.
        from regexp_matches(
            regexp_replace(expression, '''([^'']|'''')*''', '''''', 'g'), '("[^"]*"|[a-z_][a-z0-9_.]*)\s*\(', 'gi'
        ) as call
        -- mutant: a default that runs SQL is believed
        where lower(call[1]) <> all (
            '{and,or,not,in,any,all,some,array,row,case,when,then,else,end,is,from,check,exists,varying,varchar,char,bpchar,
            numeric,decimal,timestamp,time,interval,bit,coalesce,nullif,greatest,least,now,clock_timestamp,statement_timestamp,
            transaction_timestamp,timezone,date_trunc,gen_random_uuid,uuid_generate_v4,extensions.uuid_generate_v4,
            extensions.gen_random_uuid,nextval,auth.uid,lower,upper,btrim,ltrim,rtrim,length,char_length,octet_length,
            cardinality,array_length,jsonb_typeof,jsonb_build_object,pg_trigger_depth,row_security_active,md5}'::text[]
        )
    )
$$;

-- Refuses a table with code of an API role on it, which would run with the privileges of the role that runs the fix: functions,
-- types and operators that such a role owns; and, if it owned the table itself, whatever does more than compute a value.
create function schema_fix.refuse_code_of_api_roles(target regclass, was_theirs boolean) returns void
language plpgsql
as $$
declare
    found text;
begin
    with pieces as (
        select 'pg_attrdef'::regclass as class, written.oid, 'the default of ' || attribute.attname as name,
            pg_get_expr(written.adbin, written.adrelid) as expression
        from pg_attrdef as written
        join pg_attribute as attribute
            on attribute.attrelid = written.adrelid
            and attribute.attnum = written.adnum
        where written.adrelid = target
        union all
        select 'pg_constraint'::regclass, oid, 'the constraint ' || conname, pg_get_expr(conbin, conrelid)
        from pg_constraint
        where conrelid = target
        union all
        select 'pg_class'::regclass, indexrelid, 'the index ' || indexrelid::regclass,
            concat_ws(' ', pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid))
        from pg_index
        where indrelid = target
        union all
        select 'pg_statistic_ext'::regclass, oid, 'the statistics ' || stxname, null
        from pg_statistic_ext
        where stxrelid = target
        union all
        -- The condition of a trigger, which is written before the function that it calls.
        select 'pg_trigger'::regclass, oid, 'the trigger ' || tgname,
            (regexp_match(pg_get_triggerdef(oid), ' WHEN \((.*)\) EXECUTE '))[1]
        from pg_trigger
        where tgrelid = target
            and not tgisinternal
        union all
        select 'pg_rewrite'::regclass, oid, 'the rule ' || rulename, case when ev_type <> '1' then 'rule()' end
        from pg_rewrite
        where ev_class = target
    )
    select string_agg(distinct format('%s (%s)', pieces.name, stranger.reason), ', ')
    into found
    from pieces
    cross join lateral (
        -- mutant: a function of the API's roles runs with the deployer's rights
        select format('%s belongs to %s', code.name, code.owner::regrole) as reason
        from pg_depend as dependency
        cross join lateral (
            select oid::regprocedure::text as name, proowner as owner
            from pg_proc
            where dependency.refclassid = 'pg_proc'::regclass and oid = dependency.refobjid
            union all
            select oid::regtype::text, typowner
            from pg_type
            where dependency.refclassid = 'pg_type'::regclass and oid = dependency.refobjid
            union all
            select oid::regoperator::text, oprowner
            from pg_operator
            where dependency.refclassid = 'pg_operator'::regclass and oid = dependency.refobjid
        ) as code
        where dependency.classid = pieces.class
            and dependency.objid = pieces.oid
            and schema_fix.is_api_role(code.owner)
        union all
        select 'calls ' || array_to_string(schema_fix.unusual_functions(pieces.expression), ', ')
        where was_theirs
            and cardinality(schema_fix.unusual_functions(pieces.expression)) > 0
        union all
        -- With the privilege `trigger`, anybody creates a trigger with a condition on another role's table.
        select 'runs SQL where it asks whether to fire'
        where pieces.class = 'pg_trigger'::regclass
            and pieces.expression ~* '(query|cursor|table|schema|database)_to_xml|set_config|dblink|\mlo_|\mpg_(read|write|ls|terminate|cancel)_'
    ) as stranger;

    select concat_ws(', ', found, string_agg(
        format('the type of %s (%s belongs to %s)', attribute.attname, type.oid::regtype, type.typowner::regrole), ', '
    ))
    into found
    from pg_attribute as attribute
    join pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attnum > 0
        and not attribute.attisdropped
        and schema_fix.is_api_role(type.typowner);

    if found <> '' then
        raise exception '%: %', target, found
            using
                errcode = 'insufficient_privilege',
                hint = 'That code would run with the privileges of the role that runs the fix. Drop it, or change its owner to a role '
                    'that the API cannot become; then run the fix again.';
    end if;

    -- A key of theirs says who is in a room, and keeps whom it names there.
    select string_agg(format('the foreign key %I of %s (%s)', key.conname, key.conrelid::regclass, relation.relowner::regrole), ', ')
    into found
    from pg_constraint as key
    join pg_class as relation
        on relation.oid = key.conrelid
    where key.confrelid = target
        and key.contype = 'f'
        and schema_fix.is_api_role(relation.relowner)
        and not (
            relation.relnamespace = 'public'::regnamespace
            and relation.relname in (select table_name from schema_fix.tables)
        );
    if found <> '' then
        raise exception '%: %', target, found
            using
                errcode = 'insufficient_privilege',
                hint = 'Whoever owns that table asks by its key which rows there are, and keeps them from being deleted. Drop the key, or '
                    'change the owner of its table to a role that the API cannot become; then run the fix again.';
    end if;
end
$$;
