--! Title: The keys
--! Remains: primary keys, foreign keys on room_id, and a trigger that refuses a new message without a sender

-- Required columns, now that every row has a value.
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

-- Old messages may have no sender: a line of the system, a sender whose account is gone, a name that is no id. A new one must have
-- one. A check or `not null` would also forbid a foreign key `on delete set null` to remove the sender when an account is deleted. The
-- trigger fires after every BEFORE trigger: one of these may have filled the sender.
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

-- The other primary keys.
select schema_fix.ensure_primary_key('public.chat_room_members', '{room_id,user_id}');
select schema_fix.ensure_primary_key('public.room_members', '{room_id,user_id}');
select schema_fix.ensure_primary_key('public.chat_messages', '{id}');

-- The columns of a former key are ordinary ones now.
select schema_fix.relax_other_columns();

-- The foreign keys. A rule that replaces deletions would stop them; whoever acknowledged it gave it up.
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
    'public.chat_messages', 'chat_messages_room_id_fkey',
    -- mutant: the foreign key does not take a room's rows along
    'foreign key (room_id) references public.chat_rooms (id) on delete cascade'
);
select schema_fix.ensure_room_key(
    'public.chat_room_members', 'chat_room_members_room_id_fkey',
    'foreign key (room_id) references public.chat_rooms (id) on delete cascade'
);
select schema_fix.ensure_room_key(
    'public.room_members', 'room_members_room_id_fkey',
    'foreign key (room_id) references public.chat_rooms (id) on delete cascade'
);
