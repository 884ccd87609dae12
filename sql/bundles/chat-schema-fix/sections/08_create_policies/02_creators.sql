--! Title: The creators of groups
--! Remains: the trigger that makes the creator of a group its admin, and its function

-- An application that has no roles adds the creator like anybody else: as the first of a group they become its admin, or nobody could
-- add another. Somebody is first whoever adds them, a trigger of the project or the server too; so it reads as its owner. Its name
-- comes before that of the guard, which is told of the role.
-- mutant: whoever creates a group and enters it is no admin of it
create or replace function public.appoint_chat_creator() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    if exists (
        select
        from public.chat_rooms as room
        where room.id = new.room_id
            and room.type = 'group'
            and room.created_by = new.user_id
    ) and not exists (
        select
        from public.chat_room_members as member
        where member.room_id = new.room_id
    ) then
        new.role := 'admin';
    end if;
    return new;
end
$$;
select schema_fix.own_function('public.appoint_chat_creator()', '{}');

create or replace trigger chat_room_members_creator
before insert on public.chat_room_members
for each row
when (new.role = 'member' and new.status = 'approved')
execute function public.appoint_chat_creator();
