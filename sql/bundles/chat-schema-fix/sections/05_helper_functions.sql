--! Title: Helper functions
--! Needs: 01
--! Remains: the schema chat_access, which the API does not serve: the views my_rooms and my_new_groups, which policies read, and the table begun_rooms, of groups that their creator is still filling; chat_user_id()

-- Creates the views and the functions that policies use. They read as their owner, to whom row level security does not apply: a policy that
-- read its own table would be an infinite recursion.

-- The API does not serve this schema.
create schema if not exists chat_access;
comment on schema chat_access is 'What the policies of the chat read. The data API does not serve this schema.';

-- The rooms that the caller is in. It is a view rather than a function so that Postgres looks up one room where a query asks for
-- one, and reads the caller's memberships once where it asks for many. security_barrier keeps the rows of others from functions
-- in the caller's query.
create or replace view chat_access.my_rooms with (security_barrier) as
select member.room_id
from public.chat_room_members as member
join public.chat_rooms as room on room.id = member.room_id
where member.user_id = (select auth.uid())
    -- mutant: whoever waits or is blocked reads the group
    and member.status = 'approved'
    and room.type = 'group'
union all
select person.room_id
from public.room_members as person
join public.chat_rooms as room on room.id = person.room_id
where person.user_id = (select auth.uid())
    -- mutant: people of a group among those of conversations read it
    and room.type = 'dm'
    and not exists (
        select
        from public.chat_room_members as member
        where member.room_id = person.room_id
            and member.user_id = person.user_id
            and member.status = 'blocked'
    );
alter view chat_access.my_rooms owner to current_user;
comment on view chat_access.my_rooms is
    'The rooms that the caller is in. Policies read it; it reads as its owner, because a policy that reads its own table is an infinite recursion.';

-- The new groups to which their creator has added others and not yet themself. created_by gives access to a room only while nobody else
-- uses it, since whoever inserts a room may take the id of a room of others; by this list the creator keeps access until they enter. Only
-- the trigger functions of section 08 write it.
create table if not exists chat_access.begun_rooms (room_id uuid primary key);
alter table chat_access.begun_rooms owner to current_user;
comment on table chat_access.begun_rooms is
    'The new groups to which their creator has added others and not yet themself: until then created_by gives access.';
select schema_fix.revoke_from_others('chat_access.begun_rooms'::regclass, '{}');

-- The groups of the caller's that nobody is in yet, or that the caller is still filling. `insert … returning`, and an upsert, need to read
-- each row that they insert, and my_rooms shows what was there when the statement began. A group in which somebody is, is none of these
-- unless begun_rooms has it: whoever inserts a room may take the id of a room of others.
create or replace view chat_access.my_new_groups with (security_barrier) as
select room.id as room_id
from public.chat_rooms as room
where room.created_by = (select auth.uid())
    and room.type = 'group'
    -- mutant: created_by shows who is in a group
    and not exists (select from public.chat_room_members as member where member.room_id = room.id)
union all
select begun.room_id
from chat_access.begun_rooms as begun
join public.chat_rooms as room on room.id = begun.room_id
-- mutant: a group that is being filled is shown to everybody
where room.created_by = (select auth.uid());
alter view chat_access.my_new_groups owner to current_user;
comment on view chat_access.my_new_groups is
    'The groups that the caller created, and in which nobody is yet or only whom the caller added: they see whom they add.';

-- Policies are evaluated with the caller's privileges, so authenticated needs these, and nothing that default privileges add.
select schema_fix.revoke_from_others('schema', 'chat_access', nspowner, nspacl, '{authenticated}')
from pg_namespace
where nspname = 'chat_access';
select schema_fix.revoke_from_others('chat_access.my_rooms'::regclass, '{authenticated}');
select schema_fix.revoke_from_others('chat_access.my_new_groups'::regclass, '{authenticated}');
revoke all on chat_access.my_rooms, chat_access.my_new_groups from authenticated;
-- mutant: whoever is signed in makes objects where policies read
revoke all on schema chat_access from authenticated;
grant usage on schema chat_access to authenticated;
grant select on chat_access.my_rooms, chat_access.my_new_groups to authenticated;

-- The caller's id. A security definer function must not call auth.uid() itself: its body names types, and under an empty search_path
-- a temporary type of the caller's comes first, whose check would run with the owner's privileges. Here pg_temp comes last.
-- mutant: a policy's caller is deceived by temporary types
create or replace function public.chat_user_id() returns uuid
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return auth.uid();
end
$$;
select schema_fix.own_function('public.chat_user_id()', '{}');
select schema_fix.explain(
    'public.chat_user_id()', 'The caller''s id, for security definer functions: no temporary type of the caller''s comes before Postgres'' own here.'
);
