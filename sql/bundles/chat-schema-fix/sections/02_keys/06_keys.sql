--! Title: The keys
--! Remains: primary keys, foreign keys on room_id, and a trigger that refuses a new message without a sender

-- Makes columns required, now that every row has a value.
do $$
declare
    needed record;
begin
    for needed in
        select format('public.%I', table_name)::regclass as target, column_name
        from schema_fix.columns
        where is_required
            and table_name <> 'chat_rooms'
            and column_name not in ('role', 'status')
    loop
        if not schema_fix.is_required(needed.target, needed.column_name) then
            execute format('alter table %s alter column %I set not null', needed.target, needed.column_name);
        end if;
    end loop;
end
$$;

-- Old messages may have no sender: a line of the system, a sender whose account is deleted, a name that is no id. A new one must have one.
-- It is a trigger because a check, or `not null`, would also refuse the `on delete set null` of a foreign key when an account is deleted.
-- It fires after the insert, because a BEFORE trigger of the project may fill the sender.
create or replace function public.refuse_message_of_nobody() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise exception 'a message has a sender'
        using errcode = 'not_null_violation', schema = 'public', table = 'chat_messages', column = 'sender';
end
$$;
select schema_fix.own_function('public.refuse_message_of_nobody()', '{}');
select schema_fix.explain('public.refuse_message_of_nobody()', 'Refuses a new message without a sender.');
-- mutant: a new message needs no sender
create or replace trigger chat_messages_need_a_sender after insert on public.chat_messages
for each row
when (new.sender is null)
execute function public.refuse_message_of_nobody();
comment on trigger chat_messages_need_a_sender on public.chat_messages is
    'A new message has a sender. Old ones may have none, and a key may remove one (on delete set null), which a check would forbid.';

-- The other primary keys; that of rooms was needed earlier.
select schema_fix.ensure_primary_key('public.chat_room_members', '{room_id,user_id}');
select schema_fix.ensure_primary_key('public.room_members', '{room_id,user_id}');
select schema_fix.ensure_primary_key('public.chat_messages', '{id}');

-- Columns that only a former primary key made required need not be filled any more.
select schema_fix.relax_other_columns();

-- The foreign keys. A rule `on delete … do instead` would stop their cascade. Section 01 refused one that was not acknowledged; the others
-- are dropped here.
do $$
declare
    rule record;
begin
    for rule in
        select rulename as name, ev_class::regclass as source
        from pg_rewrite
        where schema_fix.is_ours(ev_class)
            and ev_type = '4'
            and is_instead
            and schema_fix.is_acknowledged(format('%s.%s', ev_class::regclass, rulename))
    loop
        execute format('drop rule %I on %s', rule.name, rule.source);
        raise notice '%: the rule % dropped', rule.source, rule.name;
    end loop;
end
$$;
select schema_fix.ensure_room_key(
    'public.chat_messages', 'chat_messages_room_id_fkey', true,
    -- mutant: the foreign key does not take a room's rows along
    'foreign key (room_id) references public.chat_rooms (id) on delete cascade'
);
select schema_fix.ensure_room_key(
    'public.chat_room_members', 'chat_room_members_room_id_fkey', false,
    'foreign key (room_id) references public.chat_rooms (id) on delete cascade'
);
select schema_fix.ensure_room_key(
    'public.room_members', 'room_members_room_id_fkey', false,
    'foreign key (room_id) references public.chat_rooms (id) on delete cascade'
);
