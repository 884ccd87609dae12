--! Title: Who enters a group
--! Remains: the trigger that makes a group's creator its admin and has whoever is added without a status wait, and its function

-- An application without roles adds the creator as a plain member, and without an admin nobody could add anybody. So the creator becomes
-- admin when they enter as the first member, or after others whom they added themself. And a user who asks to join without a status is
-- pending. It reads as its owner, to see all members. Triggers fire in the order of their names: this one before the guard, which checks
-- the role and the status set here.
-- mutant: whoever creates a group and enters it is no admin of it
-- mutant: whoever creates a group and leaves it comes back
-- mutant: whoever names no status is refused
create or replace function public.appoint_chat_creator() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
    caller constant pg_catalog.uuid := public.chat_user_id();
    was_begun pg_catalog.bool;
begin
    if new.status is null then
        new.status := coalesce(
            (
                select member.status
                from public.chat_room_members as member
                where member.room_id = new.room_id
                    and member.user_id = new.user_id
            ),
            case
                when new.user_id = caller and not exists (
                    select
                    from public.chat_rooms as room
                    where room.id = new.room_id
                        and room.created_by = caller
                        and public.chat_room_is_unused(room.id)
                ) then 'pending'
                else 'approved'
            end
        );
    end if;

    perform
    from public.chat_rooms as room
    where room.id = new.room_id
        and room.type = 'group'
        and room.created_by = new.user_id
    for no key update;
    if found then
        -- Inserted first: of a note that another transaction made since, one with an older snapshot would delete nothing, and the note would
        -- let the creator in for ever. The insert ends with a serialization error then.
        insert into chat_access.begun_rooms (room_id) values (new.room_id) on conflict do nothing;
        was_begun := not found;
        delete from chat_access.begun_rooms as begun where begun.room_id = new.room_id;
        if new.role = 'member' and new.status = 'approved' and (
            was_begun
            or not exists (select from public.chat_room_members as member where member.room_id = new.room_id)
        ) then
            new.role := 'admin';
        end if;
    end if;
    return new;
end
$$;
select schema_fix.own_function('public.appoint_chat_creator()', '{}');
select schema_fix.explain(
    'public.appoint_chat_creator()',
    'Makes the creator of a group its admin when they enter it, and a user who asks to join without a status pending.'
);

create or replace trigger chat_room_members_creator
before insert on public.chat_room_members
for each row
execute function public.appoint_chat_creator();
comment on trigger chat_room_members_creator on public.chat_room_members is
    'The creator of a group becomes its admin when they enter it, or nobody could add others. Who asks to join without a status is pending.';

-- Where the default of the status is approved, it stays so for inserts to which row level security does not apply. For the others it becomes
-- null, and the trigger sets it: a default cannot tell a user who asks to join from one whom somebody adds.
do $$
begin
    if exists (
        select
        from pg_attrdef as given
        where given.adrelid = 'public.chat_room_members'::regclass
            and given.adnum = schema_fix.place_of('public.chat_room_members', 'status')
            and pg_get_expr(given.adbin, given.adrelid) ~ '^''approved''(::text|::character varying)?$'
    ) then
        alter table public.chat_room_members alter column status
        set default case when row_security_active('public.chat_room_members') then null else 'approved' end;
    end if;
end
$$;
