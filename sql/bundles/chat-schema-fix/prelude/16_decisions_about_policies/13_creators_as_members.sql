--! Title: What has to be decided about creators whom the server makes plain members

-- Groups whose creator is a plain member beside somebody else who is an admin: a ticket of a customer, and who serves them. With the fix the creator
-- becomes the admin of every later one, when they are the first to be entered. `at_once` says that both were entered at the same time.
create view schema_fix.decisions_about_creators_as_members (name, problem, may_be_acknowledged) as
with creators_as_members as (
    select room.id as room_id, bool_or(admin.created_at = own.created_at) as at_once
    from schema_fix.legacy_rooms as room
    join schema_fix.legacy_members as own
        on own.room_id = room.id
        and own.user_id = room.created_by
        and own.role = 'member'
        and own.status = 'approved'
        and own.source = 'public.chat_room_members'
    join schema_fix.legacy_members as admin
        on admin.room_id = room.id
        and admin.user_id <> room.created_by
        and admin.role = 'admin'
        and admin.status = 'approved'
        and admin.source = 'public.chat_room_members'
    where room.source = 'public.chat_rooms'
        and room.type is distinct from 'dm'
        and not schema_fix.was_applied()
    group by room.id
),
counted as materialized (
    select count(*) as rooms, count(*) filter (where at_once) as at_once
    from creators_as_members
)
select
    format('%s.%I', present.table_id, creator.name),
    format(
        'in %s groups the creator is a plain member beside an admin; with the fix the creator becomes the admin of each group made from then on, when they are'
            ' the first to be entered, whoever enters them: enter the admin before them, or leave %I empty',
        counted.rooms, creator.name
    ),
    true
from counted
join schema_fix.present_tables as present
    on present.table_name = 'chat_rooms'
cross join lateral unnest((schema_fix.columns_for(present.table_id, 'created_by'))[:1]) as creator (name)
-- mutant: whom the server made a plain member in their own group is its admin
where counted.rooms > 0
    -- Where people make themselves admins, one may have handed a group on; and where no policy is about who enters, none is there yet.
    and (
        counted.at_once > 1
        or exists (select from schema_fix.writing_policies where table_name = 'chat_room_members' and command in ('a', '*') and allows <> 'false')
        and not exists (select from schema_fix.recursive_policies)
        and not schema_fix.people_enter_groups('admin')
    )
union all
-- What only the server calls, or a trigger of another table, makes rooms with a creator, and first enters somebody who is no admin: before there
-- is such a room, no row tells.
select
    making.function_id::text,
    format(
        'the function %s makes rooms with a creator, and first enters somebody as a plain member; with the fix the creator becomes the admin of each, when they'
            ' are the first to be entered: enter an admin before them, or leave %I empty; or acknowledge it, if they are to decide who is in the room',
        making.function_id, min(creator.name)
    ),
    true
from schema_fix.writes_of_functions as making
cross join lateral unnest(schema_fix.columns_for(making.table_id, 'created_by')) as creator (name)
join schema_fix.writes_of_functions as entering
    on entering.function_id = making.function_id
    and entering.table_name = 'chat_room_members'
    and entering.verb = 'insert into'
join schema_fix.functions_in_use as used
    on used.function_id = entering.function_id
    and used.called_id = entering.called_id
cross join lateral substring(used.source_with_constants from '\minsert\s+into\s+(?:"?\w+"?\s*\.\s*)?"?chat_room_members\M[^;]*') as first (statement)
-- mutant: whom a trigger of another table makes a plain member is the admin of the room
where making.table_name = 'chat_rooms'
    and making.verb = 'insert into'
    and lower(creator.name) = any (making.listed)
    and strpos(first.statement, quote_literal('admin')) = 0
    and (
        exists (
            select
            from pg_trigger
            where tgfoid = making.function_id
                and tgrelid not in (select table_id from schema_fix.present_tables)
        )
        or not has_function_privilege('authenticated', making.function_id, 'execute')
        and not exists (select from pg_trigger where tgfoid = making.function_id)
    )
group by making.function_id;
