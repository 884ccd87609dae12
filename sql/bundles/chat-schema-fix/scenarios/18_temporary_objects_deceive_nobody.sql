--! Title: Temporary tables, types and a search path of one's own deceive no definer function

-- Fails when: a definer function names a table without its schema under a search path that leaves pg_temp in front, or names
-- a type so, or calls auth.uid(), which does: with `search_path = ''` temporary *types* still come first. The plans that
-- earlier calls left in the session are discarded, as a fresh connection would have none.

--! Step: alice creates a group with bob
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: deceived'
);

--! Step: a temporary table of carol's, by a name of its own, is in nobody's way
--! As: carol
--! Expect: rows 1
create temp table notes_of_carol (note text);
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: notes');

--! Step: bob writes into it
--! As: bob
--! Expect: affected 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: to be deceived about');

--! Step: the helpers tell bob the truth
--! As: bob
--! Expect: value true true false
select concat_ws(
    ' ',
    public.user_is_in_room(current_setting('scenario.group')::uuid)::text,
    public.user_is_group_member(current_setting('scenario.group')::uuid)::text,
    public.user_is_group_admin(current_setting('scenario.group')::uuid)::text
);

--! Step: the stranger puts tables of the same names in front, in which he is everything, and asks again
--! As: stranger
--! Expect: value false false false false
create temp table chat_room_members as table public.chat_room_members with no data;
create temp table room_members as table public.room_members with no data;
insert into pg_temp.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'admin', 'approved');
insert into pg_temp.room_members (room_id, user_id) values (current_setting('scenario.group')::uuid, (select auth.uid()));
grant all on pg_temp.chat_room_members, pg_temp.room_members to public;
set local search_path = pg_temp, public;
discard plans;
select concat_ws(
    ' ',
    public.user_is_group_admin(current_setting('scenario.group')::uuid)::text,
    public.user_is_group_member(current_setting('scenario.group')::uuid)::text,
    public.user_is_room_member(current_setting('scenario.group')::uuid)::text,
    public.user_is_in_room(current_setting('scenario.group')::uuid)::text
);

--! Step: and still reads nothing
--! As: stranger
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.group')::uuid;

--! Step: bob makes no group where temporary tables of his hide the real ones
--! As: bob
--! Expect: refused
-- With every column: a trigger of the application's own may look for its room there, as it did before.
create temp table if not exists chat_rooms as table public.chat_rooms with no data;
alter table pg_temp.chat_rooms alter column id set default gen_random_uuid();
grant all on pg_temp.chat_rooms to public;
set local search_path = pg_temp, public;
discard plans;
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: real tables');

--! Step: and the deployer finds none of his
--! As: deployer
--! Expect: rows 0
select room.id
from public.chat_rooms as room
where room.title = 'Scenario: real tables';

--! Step: no function is compiled, as in a fresh connection
--! As: deployer
--! Expect: value altered
-- A function that was altered is compiled anew.
do $$
declare
    altered pg_catalog.record;
begin
    for altered in
        select oid::pg_catalog.regprocedure as function, procost
        from pg_catalog.pg_proc
        where pronamespace in ('public'::pg_catalog.regnamespace, 'chat_access'::pg_catalog.regnamespace)
            and prokind = 'f'
            and pg_catalog.pg_has_role(proowner, 'usage')
            and not exists (
                select
                from pg_catalog.pg_depend
                where classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and objid = pg_proc.oid and deptype = 'e'
            )
    loop
        execute format('alter function %s cost %s', altered.function, altered.procost);
    end loop;
end
$$;
select 'altered';

--! Step: the stranger makes types of the names of all of Postgres's, whose checks run his code, and calls and sets off every function
--! As: stranger
--! Expect: value his own
-- A number that was taken stays taken where a call fails. What the project's own definer functions run by themselves, they ran before.
create temp sequence runs_as_another;
grant all on sequence pg_temp.runs_as_another to public;
create function pg_temp.note_who_runs_this() returns pg_catalog.bool
language plpgsql
as $$
declare
    calls pg_catalog.text;
begin
    get diagnostics calls = pg_context;
    if current_user <> 'authenticated'
        -- A function of the project's that calls one of ours says so in its own text.
        and calls ~ '(?n)^(PL/pgSQL|SQL) function "?([[:word:]]+\.)?(create_group_room|ensure_direct_conversation|open_or_create_dm|user_is_(room_member|group_member|in_room|group_admin)|chat_room_is_unused|chat_user_id|guard_chat_room_member|appoint_chat_creator|refuse_message_of_nobody)\M'
    then
        perform pg_catalog.nextval('pg_temp.runs_as_another');
    end if;
    return true;
end
$$;
create function pg_temp.call(statement pg_catalog.text) returns pg_catalog.void
language plpgsql
as $$
begin
    execute statement;
exception
    when insufficient_privilege then
        null;
end
$$;
create type pg_temp.composite as (id pg_catalog.uuid, type pg_catalog.text);
do $$
declare
    name pg_catalog.name;
begin
    for name in
        select typname from pg_catalog.pg_type
        where typnamespace = 'pg_catalog'::pg_catalog.regnamespace and typtype = 'b' and typcategory <> 'A'
    loop
        execute pg_catalog.format(
            'create domain pg_temp.%1$I as pg_catalog.%1$I check (pg_temp.note_who_runs_this())', name
        );
    end loop;
end
$$;
create domain pg_temp.record as pg_temp.composite check (pg_temp.note_who_runs_this());
discard plans;
select
    public.user_is_in_room(pg_catalog.current_setting('scenario.group')::pg_catalog.uuid),
    public.user_is_group_member(pg_catalog.current_setting('scenario.group')::pg_catalog.uuid),
    public.user_is_room_member(pg_catalog.current_setting('scenario.group')::pg_catalog.uuid),
    public.user_is_group_admin(pg_catalog.current_setting('scenario.group')::pg_catalog.uuid);
insert into public.chat_room_members (room_id, user_id)
values (pg_catalog.current_setting('scenario.group')::pg_catalog.uuid, (select auth.uid()))
on conflict do nothing;
delete from public.chat_room_members
where room_id = pg_catalog.current_setting('scenario.group')::pg_catalog.uuid and user_id = (select auth.uid());
select pg_temp.call($$
    select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: code of mine')
$$);
select pg_temp.call($$
    select output_room_id
    from public.ensure_direct_conversation(
        me => (select auth.uid()), partner => pg_catalog.current_setting('actor.bob')::pg_catalog.uuid
    )
$$);
select pg_temp.call($$
    select public.open_or_create_dm(partner => pg_catalog.current_setting('actor.carol')::pg_catalog.uuid)
$$);
select case when is_called then 'that of another' else 'his own' end from pg_temp.runs_as_another;
