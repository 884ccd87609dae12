-- A legacy schema may demand that its people exist: `sender` → profiles → auth.users. Whatever the chat's tables point at,
-- other than one another, gets a row for each actor, the farthest table first. A table may ask more of its rows than anybody
-- could guess. Where plain values are refused, what asks for more is put aside; where that does not help, the keys that point
-- at the table are. All of it is undone with the scenarios.

-- One row: the key, whatever else points at an account, and, unless only the key is wanted, what is demanded and has no default.
create function pg_temp.insert_person(target regclass, key_column name, person text, only_key boolean) returns void
language plpgsql
as $$
declare
    id text := pg_catalog.current_setting('actor.' || person);
    filled record;
    is_there boolean;
begin
    select
        string_agg(quote_ident(attribute.attname), ', ') as columns,
        string_agg(
            case
                when base.type = 'uuid'::regtype or attribute.attname = key_column then quote_literal(id)
                when base.type in ('json'::regtype, 'jsonb'::regtype) then quote_literal('{}')
                when base.category = 'E' then (
                    select quote_literal(label.enumlabel)
                    from pg_catalog.pg_enum as label
                    where label.enumtypid = base.type
                    order by label.enumsortorder
                    limit 1
                )
                when base.category = 'D' then 'pg_catalog.now()'
                when base.category = 'B' then 'false'
                when base.category in ('N', 'T') then quote_literal('0')
                when base.category = 'A' then quote_literal('{}')
                when base.category = 'I' then quote_literal('127.0.0.1')
                else quote_literal(person)
            end,
            ', '
        ) as literals
    into filled
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type on type.oid = attribute.atttypid
    join lateral (
        select underlying.oid, underlying.typcategory
        from pg_catalog.pg_type as underlying
        where underlying.oid = coalesce(nullif(type.typbasetype, 0), type.oid)
    ) as base (type, category) on true
    where attribute.attrelid = target
        and attribute.attnum > 0
        and not attribute.attisdropped
        and attribute.attidentity = ''
        and attribute.attgenerated = ''
        and (
            attribute.attname = key_column
            or (attribute.attnotnull and not attribute.atthasdef and not only_key)
            or exists (
                select
                from pg_catalog.pg_constraint as pointing
                where pointing.conrelid = target
                    and pointing.conkey = array[attribute.attnum]
                    and pointing.confrelid = to_regclass('auth.users')
            )
        );
    execute format(
        'insert into %s (%s) values (%s) on conflict do nothing', target, filled.columns, filled.literals
    );
    -- A conflict may have been with somebody else's row, and a trigger may have swallowed it.
    execute format('select exists (select from %s where %I = %L)', target, key_column, id) into is_there;
    if not is_there then
        raise exception '% has no row for %', target, person;
    end if;
end
$$;

-- What a table of the deployer's own asks of its rows, but for their keys.
create function pg_temp.put_demands_aside(target regclass) returns void
language plpgsql
as $$
declare
    demand text;
begin
    for demand in
        select format('drop constraint %I', demanded.conname)
        from pg_catalog.pg_constraint as demanded
        where demanded.conrelid = target and demanded.contype in ('c', 'f', 'x') and demanded.coninhcount = 0
        union all
        select format('alter column %I drop not null', attribute.attname)
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attnum > 0
            and attribute.attnotnull
            and not attribute.attisdropped
            and attribute.attidentity = ''
            and not exists (
                select
                from pg_catalog.pg_index as key
                where key.indrelid = target and key.indisprimary and attribute.attnum = any (key.indkey)
            )
        union all
        select 'disable trigger user'
        union all
        select 'no force row level security'
    loop
        execute format('alter table %s %s', target, demand);
    end loop;
end
$$;

-- A row for each actor. Where plain values are refused, what asks for more is put aside; where that does not help, the keys are.
create function pg_temp.make_people(target regclass, key_column name) returns void
language plpgsql
as $$
declare
    people constant text[] := array['alice', 'bob', 'carol', 'dave', 'stranger'];
    is_forced constant boolean := (select relation.relforcerowsecurity from pg_catalog.pg_class as relation where relation.oid = target);
    pointing record;
begin
    perform pg_temp.insert_person(target, key_column, person.name, false)
    from unnest(people) as person (name);
exception when others then
    begin
        perform pg_temp.put_demands_aside(target);
        perform pg_temp.insert_person(target, key_column, person.name, true)
        from unnest(people) as person (name);
        if is_forced then
            execute format('alter table %s force row level security', target);
        end if;
    exception when others then
        for pointing in
            select foreign_key.conrelid::regclass as relation, foreign_key.conname
            from pg_catalog.pg_constraint as foreign_key
            join pg_catalog.pg_class as relation on relation.oid = foreign_key.conrelid
            where foreign_key.confrelid = target
                and foreign_key.contype = 'f'
                and foreign_key.conparentid = 0
                and pg_has_role(relation.relowner, 'usage')
        loop
            execute format('alter table %s drop constraint %I', pointing.relation, pointing.conname);
        end loop;
    end;
end
$$;

do $$
declare
    target record;
begin
    for target in
        with recursive ours as (
            select to_regclass('public.' || ours.name)::oid as relation
            from unnest(array[
                'chat_rooms', 'chat_room_members', 'room_members', 'chat_messages', 'rooms', 'conversation_participants'
            ]) as ours (name)
        ),
        referenced (relation, key_column, depth, seen) as (
            select foreign_key.confrelid, foreign_key.confkey[1], 1, array[foreign_key.conrelid, foreign_key.confrelid]
            from pg_catalog.pg_constraint as foreign_key
            where foreign_key.contype = 'f'
                and cardinality(foreign_key.confkey) = 1
                and foreign_key.conrelid in (select ours.relation from ours)
                and foreign_key.confrelid not in (select ours.relation from ours where ours.relation is not null)
            union all
            select foreign_key.confrelid, foreign_key.confkey[1], referenced.depth + 1,
                referenced.seen || foreign_key.confrelid
            from referenced
            join pg_catalog.pg_constraint as foreign_key
                on foreign_key.conrelid = referenced.relation
                and foreign_key.contype = 'f'
                and cardinality(foreign_key.confkey) = 1
                and (
                    foreign_key.conkey = array[referenced.key_column]
                    or foreign_key.confrelid = to_regclass('auth.users')
                )
                and foreign_key.confrelid <> all (referenced.seen)
        )
        select referenced.relation::regclass as relation, attribute.attname as key_column
        from referenced
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = referenced.relation and attribute.attnum = referenced.key_column
        join pg_catalog.pg_type as type
            on type.oid = attribute.atttypid
        where 'uuid'::regtype in (type.oid, type.typbasetype)
        group by referenced.relation, attribute.attname
        order by max(referenced.depth) desc
    loop
        perform pg_temp.make_people(target.relation, target.key_column);
    end loop;
end
$$;

-- A project may put every new account into a room, a lobby: in a scenario people are where it puts them.
do $$
declare
    membership record;
begin
    for membership in
        select attribute.attrelid::regclass as relation
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid in (to_regclass('public.chat_room_members'), to_regclass('public.room_members'))
            and attribute.attname = 'user_id'
            and attribute.atttypid = 'uuid'::regtype
    loop
        begin
            execute format(
                'delete from %s where user_id in (select current_setting(''actor.'' || person.name)::uuid from unnest($1) as person (name))',
                membership.relation
            ) using array['alice', 'bob', 'carol', 'dave', 'stranger'];
        exception when others then
            raise notice '% keeps the memberships of new accounts: %', membership.relation, sqlerrm;
        end;
    end loop;
end
$$;

-- A project may have rules of its own about chats: one admin a group, so many characters, no two messages within a second. They stay, and
-- people meet them as before. Those that the scenarios would meet are put aside for them. One that refuses what the application cannot be
-- without is for somebody to decide about.
do $$
declare
    acknowledged constant text[] := coalesce(nullif(current_setting('schema_fix.acknowledge', true), ''), '{}')::text[];
    act record;
    state text;
    said text;
    broken text;
    broken_on text;
    raised_in text;
    detail text;
    unknown record;
    made_for regclass[] := '{}';
    rule record;
begin
    for attempt in 1..30 loop
        begin
            -- As the data API has it: triggers of the project may count on that.
            perform set_config('search_path', 'public, extensions', true);
            for act in
                select tried.is_needed, tried.who, tried.what, tried.statement
                from (values
                    (true, 'alice', 'makes a group', $act$
                        insert into public.chat_rooms (id, type, title, created_by) values ($1, 'group', 'Talk', $3)
                    $act$),
                    (true, 'alice', 'lets its creator be its admin', $act$
                        insert into public.chat_room_members (room_id, user_id, role, status) values ($1, $3, 'admin', 'approved')
                        on conflict (room_id, user_id) do nothing
                    $act$),
                    (true, 'alice', 'adds somebody to a group', $act$
                        insert into public.chat_room_members (room_id, user_id, role, status) values ($1, $4, 'member', 'approved')
                        on conflict (room_id, user_id) do nothing
                    $act$),
                    (true, 'carol', 'lets somebody ask to join', $act$
                        insert into public.chat_room_members (room_id, user_id, role, status) values ($1, $5, 'member', 'pending')
                    $act$),
                    (true, 'alice', 'admits them', $act$
                        update public.chat_room_members set status = 'approved' where room_id = $1 and user_id = $5
                    $act$),
                    (true, 'alice', 'sends a message', $act$
                        insert into public.chat_messages (room_id, sender, content) values ($1, $3, 'hello')
                    $act$),
                    (true, 'bob', 'sends an answer', $act$
                        insert into public.chat_messages (room_id, sender, content, created_at) values ($1, $4, 'yes', now() + interval '1 second')
                    $act$),
                    (true, 'bob', 'lets a member leave', $act$
                        delete from public.chat_room_members where room_id = $1 and user_id = $4
                    $act$),
                    (true, 'alice', 'opens a conversation', $act$
                        insert into public.chat_rooms (id, type, created_by) values ($2, 'dm', $3)
                    $act$),
                    (true, 'alice', 'puts two people into it', $act$
                        insert into public.room_members (room_id, user_id) values ($2, $3), ($2, $4)
                        on conflict (room_id, user_id) do nothing
                    $act$),
                    (true, 'alice', 'commits', $act$
                        set constraints all immediate
                    $act$),
                    (false, 'alice', 'makes several groups', $act$
                        insert into public.chat_rooms (id, type, title, created_by)
                        select overlay($1::text placing '0' || number from 1 for 2)::uuid, 'group', rpad('Scenario: ' || number, 40, ' of a group'), $3
                        from generate_series(1, 5) as number
                    $act$),
                    (false, 'bob', 'makes a group of the same name', $act$
                        insert into public.chat_rooms (id, type, title, created_by)
                        select overlay($1::text placing '06' from 1 for 2)::uuid, 'group', room.title, $4
                        from public.chat_rooms as room
                        where room.id = overlay($1::text placing '01' from 1 for 2)::uuid
                    $act$),
                    (false, 'alice', 'has admins, and blocks people', $act$
                        insert into public.chat_room_members (room_id, user_id, role, status)
                        select overlay($1::text placing '0' || number from 1 for 2)::uuid, person.id, person.role, person.status
                        from generate_series(1, 5) as number
                        cross join (values
                            ($3, 'admin', 'approved'), ($4, 'admin', 'approved'), ($5, 'member', 'approved'),
                            ($6, 'member', 'pending'), ($7, 'member', 'blocked')
                        ) as person (id, role, status)
                        on conflict (room_id, user_id) do nothing
                    $act$),
                    (false, 'alice', 'lets somebody become an admin', $act$
                        update public.chat_room_members set role = 'admin' where room_id = $1 and user_id = $5
                    $act$),
                    (false, 'alice', 'blocks an admin', $act$
                        update public.chat_room_members set role = 'member', status = 'blocked' where room_id = $1 and user_id = $5
                    $act$),
                    (false, 'alice', 'sends message after message', $act$
                        insert into public.chat_messages (room_id, sender, content)
                        select $1, $3, rpad('Scenario: ', number * 6, 'words ')
                        from generate_series(1, 10) as number
                        cross join generate_series(1, 2)
                    $act$),
                    (false, 'alice', 'opens several conversations', $act$
                        insert into public.chat_rooms (id, type, title, created_by)
                        select overlay($2::text placing 'd' || number from 1 for 2)::uuid, 'dm', case number when 3 then concat_ws(':', 'dm', $3, $4) end, $3
                        from generate_series(1, 3) as number
                    $act$),
                    (false, 'alice', 'puts people into them', $act$
                        insert into public.room_members (room_id, user_id)
                        select overlay($2::text placing 'd' || number from 1 for 2)::uuid, person.id
                        from generate_series(1, 3) as number
                        cross join lateral unnest(array[$3, case number when 1 then $4 when 2 then $5 else $6 end]) as person (id)
                        on conflict (room_id, user_id) do nothing
                    $act$),
                    (false, 'alice', 'lets everybody leave', $act$
                        delete from public.chat_room_members where room_id = $1
                    $act$),
                    (false, 'alice', 'commits all of it', $act$
                        set constraints all immediate
                    $act$)
                ) as tried (is_needed, who, what, statement)
            loop
                perform set_config(
                    'request.jwt.claims',
                    pg_catalog.json_build_object('sub', current_setting('actor.' || act.who), 'role', 'authenticated')::text,
                    true
                );
                execute act.statement
                using
                    '10000000-0000-4000-8000-00000000c0de'::uuid,
                    '20000000-0000-4000-8000-00000000c0de'::uuid,
                    current_setting('actor.alice')::uuid,
                    current_setting('actor.bob')::uuid,
                    current_setting('actor.carol')::uuid,
                    current_setting('actor.dave')::uuid,
                    current_setting('actor.stranger')::uuid;
                -- A trigger may say whose row it is, and that is nobody else's.
                if act.what = 'adds somebody to a group' and not exists (
                    select
                    from public.chat_room_members as added
                    where added.room_id = '10000000-0000-4000-8000-00000000c0de' and added.user_id = current_setting('actor.bob')::uuid
                ) then
                    raise exception 'nobody is added' using errcode = 'SF001';
                end if;
            end loop;
            raise exception 'nothing is refused' using errcode = 'SF000';
        exception when others then
            get stacked diagnostics
                state = returned_sqlstate,
                said = message_text,
                broken = constraint_name,
                broken_on = table_name,
                detail = pg_exception_detail,
                raised_in = pg_exception_context;
        end;
        exit when state = 'SF000';

        -- A trigger of the project writes about people into a table of its own, with a key to yet another: they have to be known there.
        select foreign_key.confrelid::regclass as relation, attribute.attname as key_column
        into unknown
        from pg_catalog.pg_constraint as foreign_key
        join pg_catalog.pg_class as class on class.oid = foreign_key.conrelid
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = foreign_key.confrelid and attribute.attnum = foreign_key.confkey[1]
        where state = '23503'
            and foreign_key.contype = 'f'
            and foreign_key.conname = broken
            and class.relname = broken_on
            and cardinality(foreign_key.confkey) = 1
            and foreign_key.confrelid <> all (made_for)
            and exists (
                select
                from unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as person (name)
                where strpos(detail, current_setting('actor.' || person.name)) > 0
            )
        limit 1;
        if found then
            made_for := made_for || unknown.relation;
            perform pg_temp.make_people(unknown.relation, unknown.key_column);
            continue;
        end if;

        select *
        into rule
        from (
            select
                1 as place,
                class.relname as table_name,
                broken::name as name,
                case when state = '23514' then 'check' else 'unique rule' end as kind,
                case
                    when exists (select from pg_catalog.pg_constraint as named where named.conrelid = class.oid and named.conname = broken)
                        then format('alter table %s drop constraint %I', class.oid::regclass, broken)
                    else format('drop index %s.%I', class.relnamespace::regnamespace, broken)
                end as aside
            from pg_catalog.pg_class as class
            where class.relnamespace = 'public'::regnamespace
                and class.relname = broken_on
                and state in ('23505', '23514', '23P01')
                and broken <> ''
                and not exists (
                    select
                    from pg_catalog.pg_constraint as key
                    where key.conrelid = class.oid and key.conname = broken and key.contype = 'p'
                )
            union all
            select
                2,
                class.relname,
                acting.tgname,
                'trigger',
                format('alter table %s disable trigger %I', class.oid::regclass, acting.tgname)
            from pg_catalog.pg_trigger as acting
            join pg_catalog.pg_class as class on class.oid = acting.tgrelid
            join pg_catalog.pg_proc as routine on routine.oid = acting.tgfoid
            where not acting.tgisinternal
                and acting.tgenabled in ('O', 'A')
                and class.relnamespace = 'public'::regnamespace
                and (
                    strpos(raised_in, routine.proname || '(') > 0
                    or state = 'SF001'
                    and class.relname = 'chat_room_members'
                    and acting.tgtype & 7 = 7
                    and routine.prosrc ~* '\mnew\.user_id\s*:=|(;|\mbegin)\s+new\.user_id\s*='
                )
        ) as found
        where found.table_name in ('chat_rooms', 'chat_room_members', 'room_members', 'chat_messages')
        order by found.place, found.name
        limit 1;
        -- Something else: the scenarios say what they cannot do.
        exit when not found;

        if act.is_needed and concat_ws('.', 'public', rule.table_name, rule.name) <> all (acknowledged) then
            raise exception 'the % % on public.% refuses what the application does, which %',
                rule.kind, rule.name, rule.table_name,
                -- Of these errors Postgres's own words name objects, and quote no row.
                concat(act.what, case when state in ('42501', '42703', '42804', '42883', '42P01') then format(' (%s: %s)', state, said) end)
                using
                    errcode = 'feature_not_supported',
                    hint = format(
                        'Nothing was changed. Let the rule allow it, or drop it; or, if people are to go without, --set acknowledge=public.%s.%s:'
                            ' it stays, and they are refused.',
                        rule.table_name, rule.name
                    );
        end if;
        execute rule.aside;
        raise notice 'put aside while the scenarios are tried: the % % on public.%', rule.kind, rule.name, rule.table_name;
    end loop;
end
$$;

-- What a step has made of memberships and rooms, whoever looks. A trigger of the project may put right what somebody sends: it makes the one
-- who asks wait, or names the caller as the inviter. That is as good as refused, and the steps judge it by the row that is there.
create temp view scenario_members as
select member.room_id, member.user_id, member.role, member.status, member.invited_by
from public.chat_room_members as member
union all
select member.room_id, member.user_id, null, null, null
from public.room_members as member;
create temp view scenario_rooms as
select room.type, room.title, room.created_by
from public.chat_rooms as room;
grant select on pg_temp.scenario_members, pg_temp.scenario_rooms to public;

drop function pg_temp.make_people(regclass, name);
drop function pg_temp.insert_person(regclass, name, text, boolean);
drop function pg_temp.put_demands_aside(regclass);
