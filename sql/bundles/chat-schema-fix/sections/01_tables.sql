--! Title: Tables

-- Creates the four tables or brings them to the columns that the application expects, and moves every room of the first generation
-- (the tables rooms and conversation_participants) to chat_rooms. It first refuses what would make the fix impossible, before
-- anything is changed.

-- The fix is about a Supabase database: policies and grants name its roles.
do $$
begin
    if to_regrole('anon') is null
        or to_regrole('authenticated') is null
        or to_regrole('service_role') is null
        or to_regprocedure('auth.uid()') is null
    then
        raise exception 'not a Supabase database: anon, authenticated, service_role or auth.uid() is missing'
            using
                errcode = 'undefined_object',
                hint = 'Check the address of the database.';
    end if;
end
$$;

-- Refuses what cannot be repaired: tables of another owner, views in the place of tables, tables in several parts, and a schema in which
-- the deployer may not create.
do $$
declare
    found record;
begin
    for found in
        select
            relation.relname,
            relation.relkind,
            pg_get_userbyid(relation.relowner) as owner,
            pg_has_role(relation.relowner, 'usage') as may_be_altered,
            exists (select from pg_inherits where relation.oid in (inhparent, inhrelid)) as is_inherited,
            -- What it is instead of an ordinary table.
            case
                when relation.relkind = 'p' then 'a partitioned table'
                when relation.relispartition then 'a partition of another table'
                when relation.relkind = 'f' then 'a foreign table'
                when relation.relkind in ('i', 'I') then 'an index'
                when relation.relkind = 'S' then 'a sequence'
                when relation.relkind = 'c' then 'a type'
                when relation.relkind in ('v', 'm') then concat(
                    case relation.relkind when 'm' then 'a materialized view' else 'a view' end,
                    (
                        select ' over ' || string_agg(distinct dependency.refobjid::regclass::text, ', ')
                        from pg_rewrite as rule
                        join pg_depend as dependency
                            on dependency.classid = 'pg_rewrite'::regclass
                            and dependency.objid = rule.oid
                            and dependency.refclassid = 'pg_class'::regclass
                            and dependency.refobjid <> relation.oid
                        where rule.ev_class = relation.oid
                    )
                )
                else 'a table that inherits from another, or from which one inherits'
            end as kind
        from pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in (select table_name from schema_fix.tables)
        order by relation.relname
    loop
        if not found.may_be_altered then
            raise exception 'public.% belongs to %, and % is not a member of that role', found.relname, found.owner, current_user
                using
                    -- mutant: a refusal does not say why
                    errcode = 'insufficient_privilege',
                    hint = 'Run the fix as the owner of the chat tables, or make that role a member of their owner.';
        end if;
        if found.is_inherited or found.relkind <> 'r' and not (
            found.relkind = 'v' and found.relname in ('rooms', 'chat_rooms', 'conversation_participants')
        ) then
            raise exception 'public.% is not an ordinary table, but %', found.relname, found.kind
                using
                    errcode = 'wrong_object_type',
                    hint = case
                        when found.relkind in ('v', 'm') then 'If that is the chat''s own table, give it this name; else drop or rename'
                            ' the view. Then run the fix again.'
                        when found.relkind in ('i', 'I', 'S', 'c') then 'Rename it; then run the fix again.'
                        else 'Copy its rows to an ordinary table of this name; then run the fix again.'
                    end;
        end if;
    end loop;

    for found in
        select routine.oid::regprocedure as name, pg_get_userbyid(routine.proowner) as owner
        from pg_proc as routine
        where routine.oid in (select function_id from schema_fix.replaced_functions)
            and not pg_has_role(routine.proowner, 'usage')
    loop
        raise exception '% belongs to %, and % is not a member of that role', found.name, found.owner, current_user
            using
                errcode = 'insufficient_privilege',
                hint = 'Have its owner drop it, or run the fix as a member of that role.';
    end loop;

    if not has_schema_privilege('public', 'create') then
        raise exception 'role % has no create privilege on schema public', current_user
            using
                errcode = 'insufficient_privilege',
                hint = 'Grant create on schema public to the role that runs the fix.';
    end if;

    -- The deployer made schema_fix, so they may create schemas.
    for found in
        select nspname as name
        from pg_namespace
        where nspname in ('chat_quarantine', 'chat_access')
            and (not pg_has_role(nspowner, 'usage') or schema_fix.is_api_role(nspowner))
    loop
        raise exception 'schema % exists and belongs to another role', found.name
            using
                errcode = 'insufficient_privilege',
                hint = 'Rename that schema: the fix keeps what it needs in a schema of this name.';
    end loop;

    for found in
        select oid::regclass as name
        from pg_class
        where oid in (to_regclass('chat_access.my_rooms'), to_regclass('chat_access.my_new_groups'))
            and (relkind <> 'v' or not pg_has_role(relowner, 'usage') or schema_fix.is_api_role(relowner))
    loop
        raise exception '% is not a view of %', found.name, current_user
            using
                errcode = 'wrong_object_type',
                hint = 'Rename it: policies read a view of that name.';
    end loop;
end
$$;

-- A view called chat_rooms can only be replaced by a table if its rows come from the table rooms.
do $$
begin
    if exists (
        select
        from pg_class as relation
        where relation.oid = to_regclass('public.chat_rooms')
            and relation.relkind = 'v'
            and not exists (
                select
                from pg_rewrite as rule
                join pg_depend as dependency
                    on dependency.classid = 'pg_rewrite'::regclass
                    and dependency.objid = rule.oid
                    and dependency.refclassid = 'pg_class'::regclass
                join pg_class as source
                    on source.oid = dependency.refobjid
                where rule.ev_class = relation.oid
                    and source.oid = to_regclass('public.rooms')
                    and source.relkind = 'r'
            )
    ) then
        raise exception 'public.chat_rooms is a view that does not select from the table public.rooms'
            using
                errcode = 'wrong_object_type',
                hint = 'Rename the view, or replace it by a table that holds its rows; then run the fix again.';
    end if;
end
$$;
