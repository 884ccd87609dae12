--! Title: Tables

-- The four tables in the shape that the application expects, with every room of the first generation in chat_rooms.
-- Everything that could make the fix impossible is found here, before anything is changed.

-- One fix at a time: a second one waits here until the first is done, and then finds nothing left to do.
do $$
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('chat-schema-fix', 0));
end
$$;

-- Names are written out in full everywhere; nothing may be found by a search path.
set local search_path to '';

-- The fix is about a Supabase database: policies and grants name its roles.
do $$
begin
    if pg_catalog.to_regrole('anon') is null
        or pg_catalog.to_regrole('authenticated') is null
        or pg_catalog.to_regrole('service_role') is null
        or pg_catalog.to_regprocedure('auth.uid()') is null
    then
        raise exception 'this is no Supabase database: a role of its API or auth.uid() is missing'
            using
                errcode = 'undefined_object',
                hint = 'Check the address of the database.';
    end if;
end
$$;

-- Refuse what cannot be repaired: tables of another owner, views in the place of tables, tables in several parts, a schema
-- we may not create in.
do $$
declare
    found record;
begin
    for found in
        select
            relation.relname,
            relation.relkind,
            pg_catalog.pg_get_userbyid(relation.relowner) as owner,
            pg_catalog.pg_has_role(relation.relowner, 'usage') as is_ours,
            exists (
                select from pg_catalog.pg_inherits where relation.oid in (inhparent, inhrelid)
            ) as is_inherited
        from pg_catalog.pg_class as relation
        where relation.relnamespace = 'public'::pg_catalog.regnamespace
            and relation.relname in (
                'chat_rooms', 'chat_room_members', 'room_members', 'chat_messages', 'rooms', 'conversation_participants'
            )
        order by relation.relname
    loop
        if not found.is_ours then
            raise exception 'public.% belongs to %, not to %', found.relname, found.owner, current_user
                using
                    errcode = 'insufficient_privilege',
                    hint = 'Run the fix as the owner of the chat tables, or make that role a member of their owner.';
        end if;
        if found.is_inherited or found.relkind <> 'r' and not (
            found.relkind = 'v' and found.relname in ('rooms', 'chat_rooms', 'conversation_participants')
        ) then
            raise exception 'public.% is not an ordinary table', found.relname
                using
                    errcode = 'wrong_object_type',
                    hint = 'Rename it, or replace it by a table that holds its rows; then run the fix again.';
        end if;
    end loop;

    for found in
        select
            routine.oid::pg_catalog.regprocedure as name,
            pg_catalog.pg_get_userbyid(routine.proowner) as owner
        from pg_catalog.pg_proc as routine
        where routine.pronamespace = 'public'::pg_catalog.regnamespace
            and routine.proname in (
                'user_is_room_member', 'user_is_group_member', 'user_is_in_room', 'user_is_group_admin',
                'create_group_room', 'ensure_direct_conversation', 'open_or_create_dm'
            )
            and not pg_catalog.pg_has_role(routine.proowner, 'usage')
    loop
        raise exception '% belongs to %, not to %', found.name, found.owner, current_user
            using
                errcode = 'insufficient_privilege',
                hint = 'Have its owner drop it, or run the fix as a member of that role.';
    end loop;

    if not pg_catalog.has_schema_privilege('public', 'create') then
        raise exception '% may not create anything in schema public', current_user
            using
                errcode = 'insufficient_privilege',
                hint = 'grant create on schema public to the role that runs the fix.';
    end if;

    if pg_catalog.to_regnamespace('chat_quarantine') is null then
        if not pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') then
            raise exception '% may not create the schema chat_quarantine', current_user
                using
                    errcode = 'insufficient_privilege',
                    hint = 'grant create on this database to the role that runs the fix.';
        end if;
    elsif not pg_catalog.pg_has_role(
        (select nspowner from pg_catalog.pg_namespace where nspname = 'chat_quarantine'), 'usage'
    ) then
        raise exception 'schema chat_quarantine belongs to somebody else than %', current_user
            using
                errcode = 'insufficient_privilege',
                hint = 'Rename that schema: rows that fit nowhere go into one of the fix''s own.';
    end if;
end
$$;

-- A view called chat_rooms can only be replaced by a table if its rows come from the table rooms.
do $$
begin
    if exists (
        select
        from pg_catalog.pg_class as relation
        where relation.oid = pg_catalog.to_regclass('public.chat_rooms')
            and relation.relkind = 'v'
            and not exists (
                select
                from pg_catalog.pg_rewrite as rule
                join pg_catalog.pg_depend as dependency
                    on dependency.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                    and dependency.objid = rule.oid
                    and dependency.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                join pg_catalog.pg_class as source
                    on source.oid = dependency.refobjid
                where rule.ev_class = relation.oid
                    and source.oid = pg_catalog.to_regclass('public.rooms')
                    and source.relkind = 'r'
            )
    ) then
        raise exception 'public.chat_rooms is a view, and not one over the table public.rooms'
            using
                errcode = 'wrong_object_type',
                hint = 'Rename the view, or replace it by a table that holds its rows; then run the fix again.';
    end if;
end
$$;

-- Our own rights may have been revoked, and forced row level security would hide rows from their owner. What the owner may do
-- only because everybody may does not count: section 11 takes it from everybody.
do $$
declare
    ours record;
begin
    for ours in
        select
            relation.oid::pg_catalog.regclass as name,
            pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(relation.relowner)) as owner,
            relation.relforcerowsecurity as is_forced,
            relation.relacl is null or array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'] <@ array(
                select granted.privilege_type
                from pg_catalog.aclexplode(relation.relacl) as granted
                where granted.grantee = relation.relowner
            ) as has_rights
        from pg_catalog.pg_class as relation
        where relation.relnamespace = 'public'::pg_catalog.regnamespace
            and relation.relkind = 'r'
            and relation.relname in (
                'chat_rooms', 'chat_room_members', 'room_members', 'chat_messages', 'rooms', 'conversation_participants'
            )
    loop
        if not ours.has_rights then
            execute pg_catalog.format('grant all on %s to %s', ours.name, ours.owner);
        end if;
        if ours.is_forced then
            execute pg_catalog.format('alter table %s no force row level security', ours.name);
        end if;
    end loop;
end
$$;

-- Take every lock now and in one order, so that nothing written meanwhile is missed and no lock has to be raised later.
do $$
declare
    name text;
begin
    foreach name in array array[
        'chat_messages', 'chat_room_members', 'room_members', 'chat_rooms', 'conversation_participants', 'rooms'
    ] loop
        if exists (
            select
            from pg_catalog.pg_class as relation
            where relation.oid = pg_catalog.to_regclass('public.' || name)
                and relation.relkind = 'r'
        ) then
            execute pg_catalog.format('lock table public.%I in access exclusive mode', name);
        end if;
    end loop;
end
$$;

-- Where rows go that fit nowhere (complete, with the reason), and a note of which legacy tables were read already:
-- reading one twice would bring back everybody who has left in between.
do $$
begin
    if pg_catalog.to_regnamespace('chat_quarantine') is null then
        create schema chat_quarantine;
    end if;

    if pg_catalog.to_regclass('chat_quarantine.rows') is null then
        create table chat_quarantine.rows (
            id bigint generated always as identity primary key,
            source_table text not null,
            reason text not null,
            row_data jsonb not null,
            quarantined_at timestamptz not null default pg_catalog.now()
        );
    end if;

    if pg_catalog.to_regclass('chat_quarantine.imported') is null then
        create table chat_quarantine.imported (
            source_table text primary key,
            imported_at timestamptz not null default pg_catalog.now()
        );
    end if;
end
$$;

-- Nobody but the owner, whatever the default privileges of this database are.
revoke all on schema chat_quarantine from public, anon, authenticated, service_role;
revoke all on all tables in schema chat_quarantine from public, anon, authenticated, service_role;
revoke all on all sequences in schema chat_quarantine from public, anon, authenticated, service_role;

-- Deferred constraints speak at once: an alter table refuses to run while one of them has something left to say.
set constraints all immediate;

-- Times written without a zone were written in UTC; said so, their type changes without rewriting the table.
set local timezone to 'UTC';

-- Tool: whether a table has a column.
create or replace function chat_quarantine.has_column(target regclass, column_name name) returns boolean
language sql
stable
set search_path = ''
as $$
    select exists (
        select
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attname = column_name
            and not attribute.attisdropped
    )
$$;

-- Tool: a user's id written as text, or null if it is none.
create or replace function chat_quarantine.user_uuid(written text) returns uuid
language sql
immutable
as $$
    select case
        when pg_catalog.btrim(written) ~* '^(([0-9a-f]{4}-?){7}[0-9a-f]{4}|\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\})$'
            then pg_catalog.btrim(written)::uuid
    end
$$;

-- Tool: a room's id written as text. One that is no uuid (`lobby`) becomes one, the same wherever it is written.
create or replace function chat_quarantine.room_uuid(written text) returns uuid
language sql
immutable
as $$
    select coalesce(chat_quarantine.user_uuid(written), pg_catalog.md5('chat room ' || written)::uuid)
$$;

-- Tool: change rows without firing the triggers and rules of others, which are left exactly as they were found.
create or replace function chat_quarantine.change(target regclass, statement text) returns bigint
language plpgsql
set search_path = ''
as $$
declare
    pause text;
    resume text;
    identity text;
    changed bigint;
begin
    select
        pg_catalog.string_agg(pg_catalog.format('alter table %s disable %s', target, listener.name), '; '),
        pg_catalog.string_agg(
            pg_catalog.format(
                'alter table %s enable %s %s',
                target,
                case listener.state when 'A' then 'always' when 'R' then 'replica' end,
                listener.name
            ),
            '; '
        )
    into pause, resume
    from (
        select pg_catalog.format('trigger %I', tgname) as name, tgenabled as state
        from pg_catalog.pg_trigger
        where tgrelid = target
            and not tgisinternal
            and tgenabled <> 'D'
        union all
        select pg_catalog.format('rule %I', rulename), ev_enabled
        from pg_catalog.pg_rewrite
        where ev_class = target
            and ev_enabled <> 'D'
    ) as listener;

    -- A key that never looked at the old rows looks at a row that is changed twice: it waits, and is put back as it was.
    select
        pg_catalog.concat_ws(
            '; ', pause, pg_catalog.string_agg(pg_catalog.format('alter table %s drop constraint %I', target, conname), '; ')
        ),
        pg_catalog.concat_ws(
            '; ',
            resume,
            pg_catalog.string_agg(
                pg_catalog.format(
                    'alter table %1$s add constraint %2$I %3$s; comment on constraint %2$I on %1$s is %4$L',
                    target, conname, pg_catalog.pg_get_constraintdef(oid), pg_catalog.obj_description(oid, 'pg_constraint')
                ),
                '; '
            )
        )
    into pause, resume
    from pg_catalog.pg_constraint
    where conrelid = target
        and contype = 'f'
        and not convalidated;

    -- A published table without a key refuses updates and deletes, unless it is identified by the whole row.
    select case relreplident when 'n' then 'nothing' else 'default' end
    into identity
    from pg_catalog.pg_class
    where oid = target
        and (
            relreplident = 'n'
            or (relreplident = 'd' and not exists (select from pg_catalog.pg_index where indrelid = target and indisprimary))
        );
    if found then
        pause := pg_catalog.concat_ws('; ', nullif(pause, ''), pg_catalog.format('alter table %s replica identity full', target));
        resume := pg_catalog.concat_ws('; ', nullif(resume, ''), pg_catalog.format('alter table %s replica identity %s', target, identity));
    end if;

    if pause <> '' then
        execute pause;
    end if;
    execute statement;
    get diagnostics changed = row_count;
    if resume <> '' then
        execute resume;
    end if;
    return changed;
end
$$;

-- Tool: move the rows of a table that meet a condition (on the alias `stray`) into quarantine, complete.
-- What hangs on such a row in another table would vanish with it or forbid it: it is set aside first.
create or replace function chat_quarantine.set_aside(target regclass, condition text, reason text) returns bigint
language plpgsql
set search_path = ''
as $$
declare
    source_table text;
    hanging record;
    strays bigint;
    moved bigint;
begin
    -- Counted, not sought: to find the first of none the planner would look every row up, one by one.
    execute pg_catalog.format('select pg_catalog.count(*) from %s as stray where %s', target, condition) into strays;
    if strays = 0 then
        return 0;
    end if;

    select pg_catalog.format('%s.%s', schema.nspname, relation.relname)
    into source_table
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as schema
        on schema.oid = relation.relnamespace
    where relation.oid = target;

    for hanging in
        select
            key.conrelid::pg_catalog.regclass as name,
            pg_catalog.string_agg(pg_catalog.format('stray.%I', child.attname), ', ' order by pair.place) as columns,
            pg_catalog.string_agg(pg_catalog.format('stray.%I', parent.attname), ', ' order by pair.place) as referenced,
            pg_catalog.string_agg(pg_catalog.format('%I = null', child.attname), ', ' order by pair.place) as detached,
            key.confdeltype in ('n', 'd') as outlives
        from pg_catalog.pg_constraint as key
        cross join lateral unnest(key.conkey, key.confkey) with ordinality as pair (child, parent, place)
        join pg_catalog.pg_attribute as child
            on child.attrelid = key.conrelid
            and child.attnum = pair.child
        join pg_catalog.pg_attribute as parent
            on parent.attrelid = key.confrelid
            and parent.attnum = pair.parent
        where key.contype = 'f'
            and key.confrelid = target
        group by key.oid, key.conrelid
    loop
        if hanging.outlives then
            -- It stays and forgets what it pointed at.
            execute pg_catalog.format(
                'insert into chat_quarantine.rows (source_table, reason, row_data)
                select %L, %L, pg_catalog.to_jsonb(stray)
                from %s as stray
                where (%s) in (select %s from %s as stray where %s)',
                (
                    select pg_catalog.format('%s.%s', relation.relnamespace::pg_catalog.regnamespace, relation.relname)
                    from pg_catalog.pg_class as relation
                    where relation.oid = hanging.name
                ),
                pg_catalog.format('pointed at a row of %s that was set aside: a copy of the row, which stays', source_table),
                hanging.name, hanging.columns, hanging.referenced, target, condition
            );
        elsif hanging.name = target then
            -- A reply outlives the message that it answered.
            perform chat_quarantine.change(
                target,
                pg_catalog.format(
                    'update %1$s as stray set %2$s where (%3$s) in (select %4$s from %1$s as stray where %5$s)'
                        ' and not coalesce((%5$s), false)',
                    target, hanging.detached, hanging.columns, hanging.referenced, condition
                )
            );
        else
            perform chat_quarantine.set_aside(
                hanging.name,
                pg_catalog.format(
                    '(%s) in (select %s from %s as stray where %s)',
                    hanging.columns, hanging.referenced, target, condition
                ),
                pg_catalog.format('belongs to a row of %s that was set aside', source_table)
            );
        end if;
    end loop;

    moved := chat_quarantine.change(
        target,
        pg_catalog.format(
            'with moved as (delete from %s as stray where %s returning stray.*)'
                ' insert into chat_quarantine.rows (source_table, reason, row_data)'
                ' select %L, %L, pg_catalog.to_jsonb(moved) from moved',
            target, condition, source_table, reason
        )
    );
    raise notice '%: % set aside: %', source_table, moved, reason;
    return moved;
end
$$;

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
        or relation.relhastriggers
        or exists (select from pg_catalog.pg_rewrite where ev_class = relation.oid and rulename <> '_RETURN')
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

-- Tool: make something again that read a column whose type has changed: as it was; else with its constants of the new type;
-- else with the column cast to the type it had.
create or replace function chat_quarantine.remake(
    statement text, column_name name, former_type regtype, wanted_type regtype
) returns void
language plpgsql
set search_path = ''
as $$
declare
    variants constant text[] := array[
        statement,
        pg_catalog.replace(statement, '::' || former_type::text, '::' || wanted_type::text),
        pg_catalog.regexp_replace(
            statement,
            '(?<!as |AS |\w|\.)((?:\w+\.)*)\m' || column_name || '\M',
            '(\1' || column_name || ')::' || former_type::text,
            'g'
        )
    ];
    variant text;
    problem text;
begin
    foreach variant in array variants loop
        begin
            execute variant;
            return;
        exception
            when undefined_function or datatype_mismatch or invalid_object_definition or ambiguous_function then
                problem := coalesce(problem, sqlerrm);
        end;
    end loop;
    raise exception 'the column % is now %, which does not suit: %', column_name, wanted_type, statement
        using
            errcode = 'feature_not_supported',
            detail = problem,
            hint = 'Drop what the statement makes, run the fix, and make it again for the new type.';
end
$$;

-- Tool: the default of a column, as one of another type. A value is written out, so that the former type can be dropped.
create or replace function chat_quarantine.default_as(target regclass, column_name name, wanted_type regtype) returns text
language plpgsql
set search_path = ''
as $$
declare
    expression constant text := (
        select pg_catalog.pg_get_expr(given.adbin, given.adrelid)
        from pg_catalog.pg_attribute as attribute
        join pg_catalog.pg_attrdef as given
            on given.adrelid = attribute.attrelid
            and given.adnum = attribute.attnum
        where attribute.attrelid = target
            and attribute.attname = column_name
            and attribute.attgenerated = ''
    );
    value text;
    type regtype;
begin
    if expression is null then
        return null;
    end if;
    -- Read in the time zone of whoever inserts, a time without a zone would be another one for each.
    if wanted_type = 'timestamptz'::pg_catalog.regtype then
        execute 'select pg_catalog.pg_typeof(' || expression || ')' into type;
        if type = 'timestamp'::pg_catalog.regtype then
            return pg_catalog.format('pg_catalog.timezone(''UTC'', %s)', expression);
        end if;
    end if;
    if pg_catalog.strpos(expression, '(') = 0 then
        execute 'select (' || expression || ')::text' into value;
        return pg_catalog.format('%L::%s', value, wanted_type);
    end if;
    return pg_catalog.format('(%s)::%s', expression, wanted_type);
end
$$;

-- Tool: give a column another type. What Postgres will not change under (keys, policies, triggers, views) is taken off
-- and put back as it was; our own keys and policies are left to sections 2 and 8, which make them anyway.
create or replace function chat_quarantine.retype(
    target regclass, column_name name, wanted_type regtype, conversion text
) returns void
language plpgsql
set search_path = ''
as $$
declare
    ours constant regclass[] := array[
        pg_catalog.to_regclass('public.chat_rooms'), pg_catalog.to_regclass('public.chat_room_members'),
        pg_catalog.to_regclass('public.room_members'), pg_catalog.to_regclass('public.chat_messages')
    ];
    place constant smallint := (
        select attnum from pg_catalog.pg_attribute where attrelid = target and attname = column_name
    );
    former_type constant regtype := (
        select atttypid from pg_catalog.pg_attribute where attrelid = target and attname = column_name
    );
    former_default constant text := chat_quarantine.default_as(target, column_name, wanted_type);
    dependent record;
    put_back text[] := '{}';
    statement text;
begin
    -- Keys between our own tables; a key of another table would need its column changed too, except over a mere domain.
    for dependent in
        select
            conname as name,
            conrelid::pg_catalog.regclass as source,
            pg_catalog.format(
                'alter table %s add constraint %I %s', conrelid::pg_catalog.regclass, conname, pg_catalog.pg_get_constraintdef(oid)
            ) as definition
        from pg_catalog.pg_constraint
        where contype = 'f'
            and ((conrelid = target and place = any (conkey)) or (confrelid = target and place = any (confkey)))
    loop
        if (select typbasetype from pg_catalog.pg_type where oid = former_type) = wanted_type then
            put_back := put_back || dependent.definition;
        elsif not dependent.source = any (ours) or (dependent.source = target and column_name <> 'room_id') then
            raise exception '%.% is % and the foreign key % depends on it', target, column_name,
                (
                    select pg_catalog.format_type(atttypid, atttypmod)
                    from pg_catalog.pg_attribute
                    where attrelid = target
                        and attnum = place
                ),
                dependent.name
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop that key or change the type of both its columns to uuid; then run the fix again.';
        end if;
        execute pg_catalog.format('alter table %s drop constraint %I', dependent.source, dependent.name);
    end loop;

    -- One id written in two ways is there twice: section 2 finds out and makes the key of a membership anew.
    for dependent in
        select index.indexrelid::pg_catalog.regclass as name, rule.conname as constraint_name
        from pg_catalog.pg_index as index
        left join pg_catalog.pg_constraint as rule
            on rule.conindid = index.indexrelid
            and rule.contype in ('p', 'u')
        where index.indrelid = target
            and index.indisunique
            and place = any (index.indkey)
            and array(select attnum from pg_catalog.pg_attribute where attrelid = target and attname in ('room_id', 'user_id'))
                @> index.indkey::smallint[]
    loop
        if dependent.constraint_name is null then
            execute pg_catalog.format('drop index %s', dependent.name);
        else
            execute pg_catalog.format('alter table %s drop constraint %I', target, dependent.constraint_name);
        end if;
    end loop;

    -- Policies that read the column.
    for dependent in
        select distinct
            policy.polname as name,
            policy.polrelid::pg_catalog.regclass as source,
            pg_catalog.format(
                'create policy %I on %s as %s for %s to %s',
                policy.polname,
                policy.polrelid::pg_catalog.regclass,
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
                || coalesce(' with check (' || pg_catalog.pg_get_expr(policy.polwithcheck, policy.polrelid) || ')', '')
                as definition
        from pg_catalog.pg_depend as dependency
        join pg_catalog.pg_policy as policy
            on policy.oid = dependency.objid
        where dependency.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
            and dependency.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dependency.refobjid = target
            and dependency.refobjsubid = place
    loop
        execute pg_catalog.format('drop policy %I on %s', dependent.name, dependent.source);
        if not dependent.source = any (ours) then
            put_back := put_back || dependent.definition;
        end if;
    end loop;

    -- Triggers that name the column.
    for dependent in
        select distinct
            trigger.tgname as name,
            pg_catalog.pg_get_triggerdef(trigger.oid) as definition,
            pg_catalog.format(
                'alter table %s %s trigger %I',
                target,
                case trigger.tgenabled
                    when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable'
                end,
                trigger.tgname
            ) as state,
            pg_catalog.format(
                'comment on trigger %I on %s is %L',
                trigger.tgname, target, pg_catalog.obj_description(trigger.oid, 'pg_trigger')
            ) as remark
        from pg_catalog.pg_depend as dependency
        join pg_catalog.pg_trigger as trigger
            on trigger.oid = dependency.objid
        where dependency.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
            and dependency.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dependency.refobjid = target
            and dependency.refobjsubid = place
            and not trigger.tgisinternal
    loop
        execute pg_catalog.format('drop trigger %I on %s', dependent.name, target);
        put_back := put_back || array[dependent.definition, dependent.state, dependent.remark];
    end loop;

    -- Indexes over expressions or with a predicate, and checks: their text has to fit the new type.
    for dependent in
        select
            pg_catalog.format('drop index %s', index.indexrelid::pg_catalog.regclass) as removal,
            pg_catalog.pg_get_indexdef(index.indexrelid) as definition
        from pg_catalog.pg_index as index
        join pg_catalog.pg_depend as dependency
            on dependency.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dependency.objid = index.indexrelid
            and dependency.refobjid = target
            and dependency.refobjsubid = place
        where index.indrelid = target
            and (index.indpred is not null or index.indexprs is not null)
        union
        select
            pg_catalog.format('alter table %s drop constraint %I', target, conname),
            pg_catalog.format('alter table %s add constraint %I %s', target, conname, pg_catalog.pg_get_constraintdef(oid))
        from pg_catalog.pg_constraint
        where conrelid = target
            and contype = 'c'
            and place = any (conkey)
    loop
        execute dependent.removal;
        put_back := put_back || dependent.definition;
    end loop;

    -- Columns computed from it.
    for dependent in
        select
            attribute.attname as name,
            pg_catalog.format(
                'alter table %s add column %I %s generated always as (%s) stored%s',
                target,
                attribute.attname,
                pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
                pg_catalog.pg_get_expr(formula.adbin, target),
                case when attribute.attnotnull then ' not null' else '' end
            ) as definition,
            exists (
                select from pg_catalog.pg_index where indrelid = target and attribute.attnum = any (indkey)
            ) as is_indexed
        from pg_catalog.pg_attribute as attribute
        join pg_catalog.pg_attrdef as formula
            on formula.adrelid = attribute.attrelid
            and formula.adnum = attribute.attnum
        -- Before Postgres 15 the column itself depends on the other, afterwards its formula does.
        join pg_catalog.pg_depend as dependency
            on (dependency.classid, dependency.objid, dependency.objsubid) in (
                ('pg_catalog.pg_attrdef'::pg_catalog.regclass, formula.oid, 0),
                ('pg_catalog.pg_class'::pg_catalog.regclass, target, attribute.attnum)
            )
            and dependency.refobjid = target
            and dependency.refobjsubid = place
        where attribute.attrelid = target
            and attribute.attgenerated = 's'
    loop
        if dependent.is_indexed then
            raise exception 'the type of %.% has to change, and % is computed from it and indexed', target, column_name,
                dependent.name
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop that column, run the fix, and make it again.';
        end if;
        execute pg_catalog.format('alter table %s drop column %I', target, dependent.name);
        put_back := put_back || dependent.definition;
    end loop;

    -- Views over the column, and views over those, the outermost first.
    for dependent in
        select name, definition
        from chat_quarantine.views_over(target, place)
        order by depth desc, name
    loop
        execute pg_catalog.format('drop view %s', dependent.name);
        put_back := dependent.definition || put_back;
    end loop;

    execute pg_catalog.format(
        'alter table %1$s alter column %2$I drop default, alter column %2$I type %3$s using %4$s',
        target, column_name, wanted_type, conversion
    );
    if former_default is not null then
        begin
            execute pg_catalog.format('alter table %s alter column %I set default %s', target, column_name, former_default);
        exception
            when cannot_coerce then
                raise notice '%.%: its default % is no %', target, column_name, former_default, wanted_type;
        end;
    end if;
    foreach statement in array put_back loop
        perform chat_quarantine.remake(statement, column_name, former_type, wanted_type);
    end loop;
    raise notice '%.% is now %', target, column_name, wanted_type;
end
$$;

-- Tool: a time written as text, or null if it is none.
create or replace function chat_quarantine.time_of(written text) returns timestamptz
language plpgsql
stable
as $$
begin
    return nullif(pg_catalog.btrim(written), '')::timestamptz;
exception
    when invalid_datetime_format or datetime_field_overflow then
        return null;
end
$$;

-- Tool: a column as an expression of the type that another one is to have.
create or replace function chat_quarantine.conversion(
    target regclass, source name, wanted name, wanted_type regtype
) returns text
language sql
stable
set search_path = ''
as $$
    select pg_catalog.format(
        case
            when wanted_type = 'uuid'::pg_catalog.regtype and wanted in ('id', 'room_id') then 'chat_quarantine.room_uuid(%1$I::text)'
            when wanted_type = 'uuid'::pg_catalog.regtype then 'chat_quarantine.user_uuid(%1$I::text)'
            when wanted_type = 'timestamptz'::pg_catalog.regtype and type.typcategory <> 'D'
                then 'chat_quarantine.time_of(%1$I::text)'
            else '%1$I::%2$s'
        end,
        source,
        wanted_type
    )
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = source
$$;

-- Tool: before a column of text becomes one of ids or times, set aside, as they are written, the rows that would lose by it.
create or replace function chat_quarantine.set_aside_unreadable(
    target regclass, column_name name, wanted_type regtype
) returns void
language plpgsql
set search_path = ''
as $$
declare
    rooms constant text := (
        select pg_catalog.string_agg(
            pg_catalog.format('select chat_quarantine.room_uuid(id::text) from %s', oid::pg_catalog.regclass), ' union all '
        )
        from pg_catalog.pg_class
        where oid in (pg_catalog.to_regclass('public.chat_rooms'), pg_catalog.to_regclass('public.rooms'))
            and chat_quarantine.has_column(oid, 'id')
    );
    is_unreadable constant text := pg_catalog.format(
        '%1$I is not null and %2$s is null',
        column_name,
        chat_quarantine.conversion(target, column_name, column_name, wanted_type)
    );
    is_ambiguous boolean;
begin
    if column_name = 'id' then
        -- Two rooms would become one, and the people of each would read the other's messages.
        execute pg_catalog.format(
            'select exists (
                select from %s group by chat_quarantine.room_uuid(id::text) having pg_catalog.count(distinct id::text) > 1
            )',
            target
        ) into is_ambiguous;
        if is_ambiguous then
            raise exception 'two rooms of % have the same id, written differently', target
                using
                    errcode = 'unique_violation',
                    hint = 'Give one of them another id, there and in its messages and members; then run the fix again.';
        end if;
    elsif column_name = 'room_id' then
        perform chat_quarantine.set_aside(
            target,
            pg_catalog.format('chat_quarantine.room_uuid(stray.room_id::text) not in (%s)', rooms),
            'its room does not exist'
        );
    elsif column_name in ('sender', 'user_id') then
        perform chat_quarantine.set_aside(target, is_unreadable, column_name || ' is not the id of a user');
    else
        execute pg_catalog.format(
            'insert into chat_quarantine.rows (source_table, reason, row_data)'
                ' select %L, %L, pg_catalog.to_jsonb(stray) from %s as stray where %s',
            'public.' || (select relname from pg_catalog.pg_class where oid = target),
            pg_catalog.format('%s is no %s: a copy of the row, which stays without it', column_name, wanted_type),
            target,
            is_unreadable
        );
    end if;
end
$$;

-- Tool: whether the text of somebody else's function reads a column by its name: a view follows a renamed column, a
-- trigger's `new.sender_id` does not, and would refuse every insert.
create or replace function chat_quarantine.is_used_by_name(target regclass, column_name name) returns boolean
language sql
stable
set search_path = ''
as $$
    select exists (
        select
        from pg_catalog.pg_proc as routine
        join pg_catalog.pg_namespace as schema
            on schema.oid = routine.pronamespace
        where schema.nspname not in ('pg_catalog', 'information_schema', 'chat_quarantine')
            and routine.proname not in (
                'user_is_room_member', 'user_is_group_member', 'user_is_in_room', 'user_is_group_admin',
                'create_group_room', 'ensure_direct_conversation', 'open_or_create_dm'
            )
            and routine.prosrc ~* ('\m' || column_name || '\M')
            and (
                exists (select from pg_catalog.pg_trigger where tgrelid = target and tgfoid = routine.oid)
                or routine.prosrc ~* (
                    '\m' || (select relname from pg_catalog.pg_class where oid = target) || '\M'
                )
            )
    )
$$;

-- Tool: a column under its former name beside the one under its new name. Not a computed one: their functions may write it.
create or replace function chat_quarantine.keep_former_name(target regclass, former name, wanted name) returns void
language plpgsql
set search_path = ''
as $outer$
begin
    execute pg_catalog.format(
        'alter table %s add column %I %s',
        target,
        former,
        (
            select pg_catalog.format_type(atttypid, atttypmod)
            from pg_catalog.pg_attribute
            where attrelid = target
                and attname = wanted
        )
    );
    perform chat_quarantine.change(target, pg_catalog.format('update %s set %I = %I', target, former, wanted));

    create or replace function public.chat_follow_column() returns trigger
    language plpgsql
    set search_path = ''
    as $$
    declare
        wanted constant text := tg_argv[0];
        former constant text := tg_argv[1];
        written constant jsonb := pg_catalog.to_jsonb(new);
    begin
        -- Whoever still inserts under the former name alone means the new one.
        if tg_op = 'INSERT' and written ->> wanted is null then
            return pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(wanted, written -> former));
        end if;
        return pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(former, written -> wanted));
    end
    $$;
    revoke execute on function public.chat_follow_column() from public, anon, authenticated, service_role;

    -- Triggers fire in the order of their names, and those of others are to find both columns filled.
    execute pg_catalog.format(
        'create trigger %I before insert or update on %s for each row execute function public.chat_follow_column(%L, %L)',
        '00_former_' || former, target, wanted, former
    );
    raise notice '%: functions still use %, which follows % now', target, former, wanted;
end
$outer$;

-- Tool: make a column what the application expects. One that is there under an older name gets its name; where both are
-- there, the older fills the gaps of the wanted one and stays. Older names are tried in the order in which they are given.
create or replace function chat_quarantine.shape_column(
    target regclass, wanted name, wanted_type regtype, wanted_default text, older_names name[]
) returns void
language plpgsql
set search_path = ''
as $$
declare
    older name;
    former name;
    found record;
begin
    foreach older in array older_names loop
        if not chat_quarantine.has_column(target, wanted) and chat_quarantine.has_column(target, older) then
            execute pg_catalog.format('alter table %s rename column %I to %I', target, older, wanted);
            former := older;
            raise notice '%: column % is now called %', target, older, wanted;
        end if;
    end loop;

    if not chat_quarantine.has_column(target, wanted) then
        execute pg_catalog.format('alter table %s add column %I %s', target, wanted, wanted_type);
        raise notice '%: column % added', target, wanted;
    end if;

    select attribute.atttypid as type, type.typcategory as category, attribute.attgenerated <> '' as is_generated
    into found
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = wanted;
    if wanted_type = 'timestamptz'::regtype and found.category not in ('D', 'S') then
        raise exception '%.% is %, which is no time', target, wanted, found.type
            using
                errcode = 'datatype_mismatch',
                hint = 'Change the type of that column to timestamptz; then run the fix again.';
    end if;
    if found.is_generated then
        execute pg_catalog.format('alter table %s alter column %I drop expression', target, wanted);
    end if;
    if found.type <> wanted_type then
        if wanted_type = 'uuid'::regtype or (wanted_type = 'timestamptz'::regtype and found.category = 'S') then
            perform chat_quarantine.set_aside_unreadable(target, wanted, wanted_type);
        end if;
        perform chat_quarantine.retype(
            target, wanted, wanted_type, chat_quarantine.conversion(target, wanted, wanted, wanted_type)
        );
    end if;

    foreach older in array older_names loop
        if chat_quarantine.has_column(target, older) then
            perform chat_quarantine.fill_gaps(
                target, wanted, chat_quarantine.conversion(target, older, wanted, wanted_type)
            );
        end if;
    end loop;

    if wanted_default is not null and not exists (
        select
        from pg_catalog.pg_attribute
        where attrelid = target
            and attname = wanted
            and (atthasdef or attidentity <> '')
    ) then
        execute pg_catalog.format('alter table %s alter column %I set default %s', target, wanted, wanted_default);
    end if;

    if former is not null and chat_quarantine.is_used_by_name(target, former) then
        perform chat_quarantine.keep_former_name(target, former, wanted);
    end if;
end
$$;

-- Tool: give a column a value where it has none and there is one to be had.
create or replace function chat_quarantine.fill_gaps(target regclass, column_name name, source text) returns void
language plpgsql
set search_path = ''
as $$
declare
    has_gaps boolean;
begin
    execute pg_catalog.format(
        'select exists (select from %s where %I is null and %s is not null)', target, column_name, source
    ) into has_gaps;
    if has_gaps then
        raise notice '%.%: % empty values filled', target, column_name, chat_quarantine.change(
            target,
            pg_catalog.format(
                'update %1$s set %2$I = %3$s where %2$I is null and %3$s is not null', target, column_name, source
            )
        );
    end if;
end
$$;

-- Tool: a column that the application leaves out must not forbid its inserts.
create or replace function chat_quarantine.free_other_columns(target regclass, written name[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    forbidding name;
begin
    for forbidding in
        select attribute.attname
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attnotnull
            and not attribute.atthasdef
            and attribute.attidentity = ''
            and not attribute.attname = any (written)
            and not exists (
                select
                from pg_catalog.pg_index
                where indrelid = target
                    and indisprimary
                    and attribute.attnum = any (indkey)
            )
    loop
        execute pg_catalog.format('alter table %s alter column %I drop not null', target, forbidding);
        raise notice '%.% may be empty: the application may leave it out', target, forbidding;
    end loop;
end
$$;

-- A view called chat_rooms makes way for the table. Whoever reads the view keeps it, under another name.
do $$
declare
    view_id constant oid := pg_catalog.to_regclass('public.chat_rooms');
begin
    if (select relkind from pg_catalog.pg_class where oid = view_id) = 'v' then
        if exists (select from chat_quarantine.view_tree(view_id, null)) then
            alter view public.chat_rooms rename to chat_rooms_legacy_view;
        else
            drop view public.chat_rooms;
        end if;
    end if;
end
$$;

-- Without the table nothing can have been read into it, whatever an earlier run noted.
do $$
begin
    if pg_catalog.to_regclass('public.chat_rooms') is null then
        delete from chat_quarantine.imported;
        create table public.chat_rooms (
            id uuid not null default pg_catalog.gen_random_uuid(),
            type text not null default 'group',
            title text,
            created_by uuid,
            created_at timestamptz default pg_catalog.now(),
            updated_at timestamptz default pg_catalog.now()
        );
    end if;
end
$$;

-- What else is missing. Keys come in section 2, once the rows are fit for them.
do $$
begin
    if pg_catalog.to_regclass('public.chat_room_members') is null then
        create table public.chat_room_members (
            room_id uuid not null,
            user_id uuid not null,
            role text not null default 'member',
            status text not null default 'pending',
            invited_by uuid,
            created_at timestamptz default pg_catalog.now()
        );
    end if;

    if pg_catalog.to_regclass('public.room_members') is null then
        create table public.room_members (
            room_id uuid not null,
            user_id uuid not null,
            created_at timestamptz default pg_catalog.now()
        );
    end if;

    if pg_catalog.to_regclass('public.chat_messages') is null then
        create table public.chat_messages (
            id uuid not null default pg_catalog.gen_random_uuid(),
            room_id uuid not null,
            sender uuid not null,
            content text not null,
            created_at timestamptz default pg_catalog.now(),
            updated_at timestamptz default pg_catalog.now()
        );
    end if;
end
$$;

-- A check of our own columns that forbids what the application writes, or allows more, makes way for ours: it is judged by
-- what it says to each value. Ours are added once the values are in order: here for rooms, in section 11 for members.
create or replace function chat_quarantine.drop_other_checks(target regclass, column_name name, allowed text[]) returns boolean
language plpgsql
set search_path = ''
as $$
declare
    place constant smallint := (
        select attnum from pg_catalog.pg_attribute where attrelid = target and attname = column_name
    );
    found record;
    is_right boolean;
    has_right boolean := false;
begin
    for found in
        select
            conname as name,
            convalidated as is_valid,
            pg_catalog.cardinality(conkey) as columns,
            pg_catalog.pg_get_expr(conbin, conrelid) as expression
        from pg_catalog.pg_constraint
        where conrelid = target
            and contype = 'c'
            and place = any (conkey)
        order by conname
    loop
        if found.columns > 1 then
            execute pg_catalog.format('alter table %s drop constraint %I', target, found.name);
            continue;
        end if;
        execute pg_catalog.format(
            'select pg_catalog.bool_and((%s) = (value.%2$I = any (%3$L::text[])))'
                ' from unnest(%3$L::text[] || array[''other'', '''', ''Group'', ''dm'']) as value (%2$I)',
            found.expression, column_name, allowed
        ) into is_right;
        if has_right or is_right is not true or not found.is_valid then
            execute pg_catalog.format('alter table %s drop constraint %I', target, found.name);
        else
            has_right := true;
        end if;
    end loop;
    return has_right;
end
$$;

-- Where memberships had no status everybody was a member, and nobody an admin where they had no role.
do $$
begin
    if not chat_quarantine.has_column('public.chat_room_members', 'status') then
        alter table public.chat_room_members add column status text not null default 'approved';
        alter table public.chat_room_members alter column status set default 'pending';
    end if;

    if not chat_quarantine.has_column('public.chat_room_members', 'role') then
        alter table public.chat_room_members add column role text not null default 'member';
        if exists (
            select
            from pg_catalog.pg_attribute
            where attrelid = 'public.chat_room_members'::regclass
                and attname = 'is_admin'
                and atttypid = 'boolean'::regtype
        ) then
            perform chat_quarantine.change(
                'public.chat_room_members', 'update public.chat_room_members set role = ''admin'' where is_admin'
            );
        end if;
    end if;
end
$$;

-- Where rooms had no type, but said whether they are groups.
do $$
begin
    if not (
            chat_quarantine.has_column('public.chat_rooms', 'type')
            or chat_quarantine.has_column('public.chat_rooms', 'kind')
            or chat_quarantine.has_column('public.chat_rooms', 'room_type')
        )
        and exists (
            select
            from pg_catalog.pg_attribute
            where attrelid = 'public.chat_rooms'::regclass
                and attname = 'is_group'
                and atttypid = 'boolean'::regtype
        )
    then
        alter table public.chat_rooms add column type text;
        perform chat_quarantine.change(
            'public.chat_rooms',
            'update public.chat_rooms set type = case when is_group then ''group'' else ''dm'' end where is_group is not null'
        );
    end if;
end
$$;

-- The columns of the four tables, with the older names they may still have.
do $$
declare
    wanted record;
begin
    for wanted in
        select *
        from (values
            ('chat_rooms', 'id', 'uuid', 'pg_catalog.gen_random_uuid()', '{room_id}'),
            ('chat_rooms', 'type', 'text', '''group''', '{kind,room_type}'),
            ('chat_rooms', 'title', 'text', null, '{name,room_name}'),
            ('chat_rooms', 'created_by', 'uuid', null, '{creator_id,creator,owner_id}'),
            ('chat_rooms', 'created_at', 'timestamptz', 'pg_catalog.now()', '{inserted_at}'),
            ('chat_rooms', 'updated_at', 'timestamptz', 'pg_catalog.now()', '{}'),
            ('chat_room_members', 'room_id', 'uuid', null, '{conversation_id}'),
            ('chat_room_members', 'user_id', 'uuid', null, '{participant_id,profile_id,member_id}'),
            ('chat_room_members', 'role', 'text', '''member''', '{}'),
            ('chat_room_members', 'status', 'text', '''pending''', '{}'),
            ('chat_room_members', 'invited_by', 'uuid', null, '{}'),
            ('chat_room_members', 'created_at', 'timestamptz', 'pg_catalog.now()', '{joined_at,inserted_at}'),
            ('room_members', 'room_id', 'uuid', null, '{conversation_id}'),
            ('room_members', 'user_id', 'uuid', null, '{participant_id,profile_id,member_id}'),
            ('room_members', 'created_at', 'timestamptz', 'pg_catalog.now()', '{joined_at,inserted_at}'),
            ('chat_messages', 'room_id', 'uuid', null, '{conversation_id}'),
            ('chat_messages', 'sender', 'uuid', null, '{sender_id,author_id,user_id}'),
            ('chat_messages', 'content', 'text', null, '{message,body,text}'),
            ('chat_messages', 'created_at', 'timestamptz', 'pg_catalog.now()', '{sent_at,inserted_at}'),
            ('chat_messages', 'updated_at', 'timestamptz', 'pg_catalog.now()', '{}')
        ) as target (table_name, column_name, type, value, older_names)
    loop
        perform chat_quarantine.shape_column(
            pg_catalog.format('public.%I', wanted.table_name)::pg_catalog.regclass,
            wanted.column_name,
            wanted.type::pg_catalog.regtype,
            wanted.value,
            wanted.older_names::name[]
        );
    end loop;
end
$$;

-- Other columns of these tables stay, and may stay empty; a room of the first generation may have no creator.
do $$
begin
    perform chat_quarantine.free_other_columns('public.chat_rooms', '{id,type}');
    perform chat_quarantine.free_other_columns('public.chat_room_members', '{room_id,user_id,role,status}');
    perform chat_quarantine.free_other_columns('public.room_members', '{room_id,user_id}');
    perform chat_quarantine.free_other_columns('public.chat_messages', '{id,room_id,sender,content}');
end
$$;

-- Tool: the first of some columns that has a value, as an expression over the alias `legacy`.
create or replace function chat_quarantine.first_of(target regclass, names name[]) returns text
language sql
stable
set search_path = ''
as $$
    select coalesce(
        'coalesce('
            || pg_catalog.string_agg(pg_catalog.format('legacy.%I::text', name), ', ' order by place)
            || ')',
        'null::text'
    )
    from unnest(names) with ordinality as candidate (name, place)
    where chat_quarantine.has_column(target, name)
$$;

-- Tool: the same for ids, which have to be read (by the named tool) only where they are not of their type yet.
create or replace function chat_quarantine.first_id_of(target regclass, names name[], reader name) returns text
language sql
stable
set search_path = ''
as $$
    select case
        when pg_catalog.bool_and(attribute.atttypid = 'uuid'::regtype)
            then pg_catalog.format(
                'coalesce(%s)',
                pg_catalog.string_agg(pg_catalog.format('legacy.%I', attribute.attname), ', ' order by candidate.place)
            )
        else pg_catalog.format('chat_quarantine.%I(%s)', reader, chat_quarantine.first_of(target, names))
    end
    from unnest(names) with ordinality as candidate (name, place)
    join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = target
        and attribute.attname = candidate.name
        and not attribute.attisdropped
$$;

-- Tool: the same for times, which have to be read only where they are text.
create or replace function chat_quarantine.first_time_of(target regclass, names name[]) returns text
language sql
stable
set search_path = ''
as $$
    select coalesce(
        'coalesce('
            || pg_catalog.string_agg(
                pg_catalog.format(
                    case type.typcategory when 'D' then 'legacy.%I::timestamptz' else 'chat_quarantine.time_of(legacy.%I::text)' end,
                    attribute.attname
                ),
                ', ' order by candidate.place
            )
            || ')',
        'null::timestamptz'
    )
    from unnest(names) with ordinality as candidate (name, place)
    join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = target
        and attribute.attname = candidate.name
        and not attribute.attisdropped
    join pg_catalog.pg_type as type
        on type.oid = attribute.atttypid
$$;

-- Tool: what kind of room a word means, or null if it says nothing.
create or replace function chat_quarantine.room_type(written text) returns text
language sql
immutable
as $$
    select case
        when pg_catalog.lower(pg_catalog.btrim(written)) in (
            'dm', 'direct', 'direct_message', 'direct-message', 'im', 'one_to_one', 'one-to-one', '1:1'
        ) then 'dm'
        when pg_catalog.lower(pg_catalog.btrim(written)) in ('group', 'channel', 'team', 'public') then 'group'
    end
$$;

-- A wrong rule about types would stand in the way of putting them in order.
do $$
begin
    perform chat_quarantine.drop_other_checks('public.chat_rooms', 'type', '{dm,group}');
end
$$;

-- Tool: a condition that the keys of a table let a value into one of its columns.
create or replace function chat_quarantine.is_known(target regclass, column_name name, value text) returns text
language sql
stable
set search_path = ''
as $$
    select coalesce(
        pg_catalog.string_agg(
            pg_catalog.format(
                'exists (select from %s as known where known.%I = %s)', key.confrelid::pg_catalog.regclass, parent.attname, value
            ),
            ' and '
        ),
        'true'
    )
    from pg_catalog.pg_constraint as key
    join pg_catalog.pg_attribute as child
        on child.attrelid = key.conrelid
        and key.conkey = array[child.attnum]
    join pg_catalog.pg_attribute as parent
        on parent.attrelid = key.confrelid
        and key.confkey = array[parent.attnum]
    where key.conrelid = target
        and key.contype = 'f'
        and child.attname = column_name
$$;

-- Tool: a time, or now where there is none and a column demands one.
create or replace function chat_quarantine.time_or_now(target regclass, column_name name, expression text) returns text
language sql
stable
set search_path = ''
as $$
    select case
        when attnotnull then 'coalesce(' || expression || ', pg_catalog.now())'
        else expression
    end
    from pg_catalog.pg_attribute
    where attrelid = target
        and attname = column_name
$$;

-- Tool: change rooms. A check on titles that forbids one of the titles there are makes way.
create or replace function chat_quarantine.change_rooms(statement text) returns bigint
language plpgsql
set search_path = ''
as $$
declare
    rule name;
begin
    begin
        return chat_quarantine.change('public.chat_rooms', statement);
    exception
        when check_violation then
            for rule in
                select conname
                from pg_catalog.pg_constraint
                where conrelid = 'public.chat_rooms'::pg_catalog.regclass
                    and contype = 'c'
                    and conkey = array(
                        select attnum
                        from pg_catalog.pg_attribute
                        where attrelid = 'public.chat_rooms'::pg_catalog.regclass
                            and attname = 'title'
                    )
            loop
                execute pg_catalog.format('alter table public.chat_rooms drop constraint %I', rule);
                raise notice 'public.chat_rooms: the check % on titles forbids one that is there: dropped', rule;
            end loop;
    end;
    return chat_quarantine.change('public.chat_rooms', statement);
end
$$;

-- A group may have no name.
do $$
declare
    rule record;
    allows_none boolean;
begin
    for rule in
        select conname as name, pg_catalog.pg_get_expr(conbin, conrelid) as expression
        from pg_catalog.pg_constraint
        where conrelid = 'public.chat_rooms'::regclass
            and contype = 'c'
            and conkey = array(
                select attnum from pg_catalog.pg_attribute where attrelid = 'public.chat_rooms'::regclass and attname = 'title'
            )
    loop
        execute pg_catalog.format('select (%s) is not false from (values (null::text)) as room (title)', rule.expression)
        into allows_none;
        if not allows_none then
            execute pg_catalog.format('alter table public.chat_rooms drop constraint %I', rule.name);
        end if;
    end loop;
end
$$;

-- Rooms of the first generation move over with their ids, once, and any that a message still points to. A room that is in
-- both tables is as chat_rooms has it, completed by what only rooms knows. A creator whom a key of chat_rooms forbids stays
-- known to rooms alone.
do $$
declare
    legacy constant regclass := (
        select oid
        from pg_catalog.pg_class
        where oid = pg_catalog.to_regclass('public.rooms')
            and relkind = 'r'
    );
    source text;
    has_unknown boolean;
    moved bigint;
begin
    if legacy is null or not chat_quarantine.has_column(legacy, 'id') then
        return;
    end if;

    source := pg_catalog.format(
        'select distinct on (room.id)
            room.id,
            room.type,
            room.title,
            case when %9$s then room.created_by end as created_by,
            room.created_at,
            room.updated_at
        from (
            select
                %8$s as id,
                coalesce(chat_quarantine.room_type(%1$s), %1$s, ''unknown'') as type,
                coalesce(%2$s, case when chat_quarantine.room_type(%1$s) = ''group'' then %3$s end) as title,
                %4$s as created_by,
                %5$s as created_at,
                coalesce(%6$s, %5$s) as updated_at
            from %7$s as legacy
            where legacy.id is not null
        ) as room
        order by room.id, room.created_at, room.title',
        chat_quarantine.first_of(legacy, '{kind,type,room_type}'),
        chat_quarantine.first_of(legacy, '{title,name,room_name}'),
        chat_quarantine.first_of(legacy, '{slug}'),
        chat_quarantine.first_id_of(legacy, '{created_by,creator_id,creator,owner_id}', 'user_uuid'),
        chat_quarantine.first_time_of(legacy, '{created_at,inserted_at}'),
        chat_quarantine.first_time_of(legacy, '{updated_at}'),
        legacy,
        chat_quarantine.first_id_of(legacy, '{id}', 'room_uuid'),
        chat_quarantine.is_known('public.chat_rooms', 'created_by', 'room.created_by')
    );

    -- The rule about types comes back below, when every type is known.
    execute pg_catalog.format(
        'select exists (
            select
            from (%s) as legacy
            where legacy.type not in (''dm'', ''group'')
                and not exists (select from public.chat_rooms as room where room.id = legacy.id)
        )',
        source
    ) into has_unknown;
    if has_unknown then
        perform chat_quarantine.drop_other_checks('public.chat_rooms', 'type', '{}');
    end if;

    if not exists (select from chat_quarantine.imported where source_table = 'public.rooms') then
        perform chat_quarantine.change_rooms(
            pg_catalog.format(
                'update public.chat_rooms as room
                set
                    type = coalesce(room.type, nullif(legacy.type, ''unknown'')),
                    title = coalesce(room.title, legacy.title),
                    created_by = coalesce(room.created_by, legacy.created_by),
                    created_at = coalesce(room.created_at, legacy.created_at)
                from (%s) as legacy
                where legacy.id = room.id
                    and (
                        (room.type is null and legacy.type <> ''unknown'')
                        or (room.title is null and legacy.title is not null)
                        or (room.created_by is null and legacy.created_by is not null)
                        or (room.created_at is null and legacy.created_at is not null)
                    )',
                source
            )
        );
    end if;

    moved := chat_quarantine.change_rooms(
        pg_catalog.format(
            'insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at)
            select legacy.id, legacy.type, legacy.title, legacy.created_by, %2$s, %3$s
            from (%1$s) as legacy
            where not exists (select from public.chat_rooms as room where room.id = legacy.id)
                and (
                    not exists (select from chat_quarantine.imported where source_table = ''public.rooms'')
                    or exists (select from public.chat_messages as message where message.room_id = legacy.id)
                )',
            source,
            chat_quarantine.time_or_now('public.chat_rooms', 'created_at', 'legacy.created_at'),
            chat_quarantine.time_or_now('public.chat_rooms', 'updated_at', 'legacy.updated_at')
        )
    );
    insert into chat_quarantine.imported (source_table) values ('public.rooms') on conflict do nothing;
    if moved > 0 then
        -- Nobody has counted the new rows yet, and every query below is planned by their number.
        analyze public.chat_rooms;
        raise notice 'public.rooms: % rooms moved to public.chat_rooms', moved;
    end if;
end
$$;

-- A type that is missing or unknown: by its word; else a group is what has group members or more than two people; else a
-- direct conversation is what has people at all; else a name makes a group.
do $$
declare
    people constant text := (
        select pg_catalog.string_agg(
            pg_catalog.format(
                'select %s as room_id, %s as person from %s as legacy',
                chat_quarantine.first_id_of(source.id, '{room_id,conversation_id}', 'room_uuid'),
                chat_quarantine.first_of(source.id, '{user_id,participant_id,profile_id,member_id}'),
                source.id
            ),
            ' union all '
        )
        from (values
            (pg_catalog.to_regclass('public.room_members')),
            (pg_catalog.to_regclass('public.conversation_participants'))
        ) as source (id)
        where source.id is not null
    );
    named bigint;
begin
    if not exists (select from public.chat_rooms where type is null or type not in ('dm', 'group')) then
        return;
    end if;

    named := chat_quarantine.change(
        'public.chat_rooms',
        pg_catalog.format(
            'update public.chat_rooms as room
            set type = coalesce(
                chat_quarantine.room_type(room.type),
                case
                    when exists (select from public.chat_room_members as member where member.room_id = room.id) then ''group''
                    when (select pg_catalog.count(distinct person) from (%1$s) as people where people.room_id = room.id) > 2
                        then ''group''
                    when exists (select from (%1$s) as people where people.room_id = room.id) then ''dm''
                    when room.title is not null then ''group''
                    else ''dm''
                end
            )
            where room.type is null
                or room.type not in (''dm'', ''group'')',
            people
        )
    );
    raise notice 'public.chat_rooms: % rooms were neither dm nor group', named;
end
$$;

-- Every room is one or the other.
do $$
begin
    alter table public.chat_rooms alter column type set not null;
    if not chat_quarantine.drop_other_checks('public.chat_rooms', 'type', '{dm,group}') then
        alter table public.chat_rooms add check (type in ('dm', 'group'));
    end if;
end
$$;
