--! Title: Old policies tried in the small chat

-- What an old policy means is tried: in every small world (somebody who is in no room, waits, is blocked, is a member or an admin,
-- asks about a row of their own or of another) its answer is compared with what the fix's rules say. A policy that lets in fewer, or
-- others, or that is not understood, becomes a decision, by its name and verb.

-- Who asks about what. The room of the row is `here`; status, role and is_creator say who the caller, `me`, is there.
create table schema_fix.worlds (
    -- With a key: a publication of all tables lets nothing else be updated.
    world integer generated always as identity primary key,
    holds text not null,
    type text not null,
    standing text not null check (standing in ('nowhere', 'elsewhere', 'here')),
    status text,
    role text,
    is_creator boolean not null,
    invited_by text,
    is_own boolean not null,
    row_status text,
    row_role text,
    -- The tables that say of the caller that they are here, of others that they are, and of the caller that they are elsewhere.
    held_in name[] not null default '{}',
    others_in name[] not null default '{}',
    elsewhere_in name[] not null default '{}'
);

-- The tables that hold a membership of a room of some type: those in which most of them are. Where there is none, the table for that
-- type. Who waits or is blocked is in one that says so.
create function schema_fix.tables_of_members(wanted text, wants_approved boolean) returns name[]
language sql
stable
as $$
    select coalesce(
        (
            select held.tables
            from (
                select array_agg(distinct split_part(member.source, '.', 2)::name) as tables
                from schema_fix.legacy_members as member
                where (member.status = 'approved') = wants_approved
                    -- After the fix each type has its table, whatever copies stay elsewhere.
                    and not schema_fix.was_applied()
                    and exists (
                        select
                        from schema_fix.legacy_rooms as room
                        where room.id = member.room_id
                            and (room.type = wanted or room.word = wanted)
                    )
                group by member.room_id, member.user_id
            ) as held
            group by held.tables
            order by count(*) desc, held.tables
            limit 1
        ),
        (
            select array[present.table_name]
            from schema_fix.present_tables as present
            where present.holds = 'members'
                and (wants_approved or schema_fix.columns_for(present.table_id, 'status') <> '{}')
            order by
                present.generation = 'first',
                present.table_name = case schema_fix.meaning_of('type', wanted) when 'dm' then 'chat_room_members' else 'room_members' end
            limit 1
        ),
        '{}'
    )
$$;

-- What each policy answers there. A world to which a policy gives no answer is one in which it lets nobody in.
create table schema_fix.answers (policy_id oid not null, verb text not null, world integer not null);

-- What of a policy is not understood.
create table schema_fix.not_understood (policy_id oid not null, verb text not null, what text not null);

-- The old policies that count for whom the fix lets in, for each verb, with the expressions that are asked. Filled when they are tried.
create table schema_fix.rules_to_try (
    policy_id oid not null,
    name name not null,
    table_id regclass not null,
    table_name name not null,
    holds text not null,
    verb text not null,
    expression text
);
create function schema_fix.find_rules_to_try() returns void
language sql
as $$
    insert into schema_fix.rules_to_try
    select
        policy.policy_id,
        policy.name,
        policy.table_id,
        policy.table_name,
        policy.holds,
        verb.name as verb,
        case verb.name
            when 'insert' then coalesce(policy.check_expression, policy.using_expression)
            when 'update' then concat_ws(' and ', '(' || policy.using_expression || ')', '(' || policy.check_expression || ')')
            else policy.using_expression
        end as expression
    from schema_fix.present_policies as policy
    join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as verb (name, command)
        on policy.command in (verb.command::"char", '*')
    join pg_class as relation
        on relation.oid = policy.table_id
        and relation.relrowsecurity
    -- On the tables left behind the fix adds who reads; nobody writes there.
    where (policy.generation = 'current' or verb.name = 'select' and policy.name !~ '^chat_schema_fix_')
        and policy.is_permissive
        and policy.roles && array[0::oid, to_regrole('authenticated')::oid];
$$;

-- The values of a column, as they are written as text.
create function schema_fix.words_written(target regclass, column_name name) returns setof text
language plpgsql
stable
as $$
begin
    return query execute format('select distinct %1$I::text from %2$s where %1$I is not null', column_name, target);
end
$$;

-- Makes the worlds, with the words that the rows and the policies know.
create function schema_fix.make_worlds() returns void
language sql
as $$
    with words as (
        select known.column_name, known.means, known.word
        from schema_fix.words as known
        where known.word in (
            select lower(btrim(said.constant))
            from schema_fix.texts_of_policies as texts
            cross join lateral unnest(schema_fix.constants_in(texts.source)) as said (constant)
        )
    ),
    types as (
        -- Those of the table rooms, where the words are as they were, count as long as chat_rooms has none.
        select room.word as type
        from schema_fix.legacy_rooms as room
        where room.word is not null
            and (
                room.source = 'public.chat_rooms'
                or not exists (
                    select from schema_fix.legacy_rooms as newer where newer.source = 'public.chat_rooms' and newer.word is not null
                )
            )
        union
        select word from words where column_name = 'type'
        union
        select unnest('{dm,group}'::text[]) where not exists (select from schema_fix.legacy_rooms where word is not null)
    ),
    roles as (
        select unnest('{member,admin}'::text[]) as role
        union
        select said.word
        from (select distinct source::regclass as table_id from schema_fix.legacy_members) as seen
        cross join lateral unnest(schema_fix.columns_for(seen.table_id, 'role')) as known (name)
        cross join lateral schema_fix.words_written(seen.table_id, known.name) as said (word)
    ),
    standings as (
        select 'nowhere' as standing, null as status, null as role, is_creator
        from unnest('{false,true}'::boolean[]) as creator (is_creator)
        union all
        select 'elsewhere', null, null, false
        union all
        select 'here', status, 'member', false
        from (
            select unnest('{pending,blocked}'::text[]) as status
            union
            select word from words where column_name = 'status' and means <> 'approved'
        ) as shut
        where exists (
            select from schema_fix.present_tables where holds = 'members' and schema_fix.columns_for(table_id, 'status') <> '{}'
        )
        union all
        select 'here', 'approved', role, false
        from roles
        union all
        select 'here', 'approved', 'admin', true
    ),
    kept as (
        select 'messages' as holds, null as row_status, null as row_role, is_own
        from unnest('{false,true}'::boolean[]) as own (is_own)
        union all
        select 'rooms', null, null, false
        union all
        select 'members', status, role, is_own
        from (
            select 'approved' as status, role from roles
            union all
            select unnest('{pending,blocked}'::text[]), 'member'
        ) as said
        cross join unnest('{false,true}'::boolean[]) as own (is_own)
    )
    insert into schema_fix.worlds (holds, type, standing, status, role, is_creator, invited_by, is_own, row_status, row_role)
    select
        kept.holds,
        types.type,
        standings.standing,
        standings.status,
        standings.role,
        standings.is_creator,
        invited.invited_by,
        case kept.holds when 'rooms' then standings.is_creator else kept.is_own end,
        case when kept.is_own and kept.holds = 'members' then standings.status else kept.row_status end,
        case when kept.is_own and kept.holds = 'members' then standings.role else kept.row_role end
    from kept
    cross join types
    cross join standings
    cross join (values ('other'), (null)) as invited (invited_by)
    -- One's own membership is one, whatever it says; who is in no room has none there.
    where kept.holds <> 'members'
        or not kept.is_own
        or kept.row_status = 'approved' and kept.row_role = 'member'
    order by standings.status is distinct from 'approved', types.type = 'dm', types.type, standings.role <> 'member', standings.is_creator;

    -- Asked once for each type, not for each world.
    with held as materialized (
        select said.type, said.is_approved, schema_fix.tables_of_members(said.type, said.is_approved) as tables
        from (
            select distinct worlds.type, approved.yes as is_approved
            from schema_fix.worlds
            cross join unnest('{true,false}'::boolean[]) as approved (yes)
        ) as said
    ),
    elsewhere as materialized (
        select schema_fix.tables_of_members('group', true) as tables
    )
    update schema_fix.worlds as made
    set
        held_in = case when made.standing = 'here' then held.tables else '{}' end,
        others_in = others.tables,
        elsewhere_in = elsewhere.tables
    from held
    join held as others
        on others.type = held.type
        and others.is_approved
    cross join elsewhere
    where held.type = made.type
        and held.is_approved = (coalesce(made.status, 'approved') = 'approved');
$$;

-- Asks every old policy in every world.
create function schema_fix.try_old_rules() returns void
language plpgsql
as $$
declare
    rule record;
begin
    if exists (select from schema_fix.worlds) then
        return;
    end if;
    perform schema_fix.find_rules_to_try();
    perform schema_fix.make_worlds();
    for rule in select * from schema_fix.rules_to_try
    loop
        begin
            execute format(
                'insert into schema_fix.answers select %s, %L, ("the world".it).world
                from (select it from schema_fix.worlds as it) as "the world" cross join lateral (select %s) as %I
                where ("the world".it).holds = %L and (%s)',
                rule.policy_id,
                rule.verb,
                (
                    select string_agg(
                        format(
                            '%s as %I',
                            case fact.name
                                when 'room_id' then '''here'''
                                when 'id' then '''here'''
                                when 'type' then '("the world".it).type'
                                when 'status' then '("the world".it).row_status'
                                when 'role' then '("the world".it).row_role'
                                when 'invited_by' then 'case when not (("the world".it).is_own) then ''me'' end'
                                else 'case when ("the world".it).is_own then ''me'' else ''other'' end'
                            end,
                            present.name
                        ),
                        ', '
                    )
                    from unnest(schema_fix.small_facts(rule.holds)) as fact (name)
                    cross join lateral unnest(schema_fix.columns_for(rule.table_id, fact.name)) as present (name)
                ),
                rule.table_name,
                rule.holds,
                schema_fix.in_small(schema_fix.tokens_of(rule.expression), false, '', '{}', 0)
            );
        exception
            when feature_not_supported then
                insert into schema_fix.not_understood values (rule.policy_id, rule.verb, sqlerrm);
            when others then
                insert into schema_fix.not_understood
                values (rule.policy_id, rule.verb, regexp_replace(sqlerrm, ' does not exist$', ''));
        end;
    end loop;
end
$$;
