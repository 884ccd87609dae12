--! Title: What rows count as evidence

-- What a row says counts as evidence only where the old rules went by it, or where the roles of the API could not write it.
-- Noted before anything is changed: later the old rules are gone.

-- Where people write rows that say of themselves who wrote them, if anything says so: a table without row level security, or with
-- a permissive policy that asks no other table and no function but for who is calling. `command` is a for insert, w for update.
create table schema_fix.open_tables as
select distinct present.table_name, tried.command
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
cross join (values ('a', 'INSERT'), ('w', 'UPDATE')) as tried (command, privilege)
join pg_roles as api
    on schema_fix.is_api_role(api.oid)
    and has_any_column_privilege(api.oid, present.table_id, tried.privilege)
where not relation.relrowsecurity
    or exists (
        select
        from schema_fix.present_policies as policy
        cross join lateral coalesce(
            case tried.command
                -- A policy for updates without a check of its own checks what it asks of the old row.
                when 'w' then concat_ws(' and ', policy.using_expression, policy.check_expression)
                else coalesce(policy.check_expression, policy.using_expression)
            end,
            'true'
        ) as asked (expression)
        where policy.table_id = present.table_id
            and policy.is_permissive
            and policy.command in ('*', tried.command)
            and not policy.has_our_name
            and (policy.roles @> '{0}' or exists (
                select from unnest(policy.roles) as named (role) where pg_has_role(api.oid, named.role, 'member')
            ))
            and case tried.command
                -- Whoever has to be the creator before and after gives nothing to others.
                when 'w' then not exists (
                    select
                    from unnest(schema_fix.columns_for(present.table_id, 'created_by')) as creator (name)
                    where asked.expression ~ format('\m%s\M', creator.name)
                )
                else asked.expression !~* '\mfrom\M' and cardinality(schema_fix.unusual_functions(asked.expression)) = 0
            end
    );

-- What the old rules about messages, and about memberships, go by: every text of theirs.
create table schema_fix.old_rules as
select policy.table_name, texts.source
from schema_fix.texts_of_policies as texts
join schema_fix.present_policies as policy using (policy_id)
join pg_class as relation
    on relation.oid = policy.table_id
    and relation.relrowsecurity
where policy.table_name in ('chat_messages', 'chat_room_members');

create function schema_fix.rules_name(ruled name, word text) returns boolean
language sql
stable
return exists (
    select from schema_fix.old_rules where table_name = ruled and source ~ ('\m' || word || '\M')
);

-- Whether people could write rows of a table as they liked.
create function schema_fix.is_open(wanted name, commands text) returns boolean
language sql
stable
return exists (
    select from schema_fix.open_tables where table_name = wanted and strpos(commands, command) > 0
);

-- Whether messages are of rooms in chat_rooms, and of no others: with such a key nobody makes a room of rooms again there.
create function schema_fix.messages_are_keyed_to_chat_rooms() returns boolean
language sql
stable
return 'chat_rooms' = all (
    select relation.relname
    from schema_fix.keys_of_columns as key
    join pg_class as relation
        on relation.oid = key.target
    where key.table_name = 'chat_messages'
        and key.column_name = 'room_id'
) and exists (
    select from schema_fix.keys_of_columns as key where key.table_name = 'chat_messages' and key.column_name = 'room_id'
);

-- creators: created_by says who made a room, because nobody else could write it, or because the old rules gave rights by it all
-- the same. After a run of some sections the rules are the fix's, and say nothing of rows that were there before it. older_rooms:
-- rooms counts where it and chat_rooms name different creators.
create table schema_fix.what_counts as
select
    (not schema_fix.was_applied() or schema_fix.is_noted('creators'))
    and (
        not schema_fix.is_open('chat_rooms', 'w') and not schema_fix.is_open('rooms', 'w')
        or exists (
            select
            from pg_class
            where oid = schema_fix.table_called('chat_room_members')
                and not relrowsecurity
        )
        or exists (
            select
            from schema_fix.column_names as known
            where known.column_name = 'created_by'
                and schema_fix.rules_name('chat_room_members', known.known_as::text)
        )
    ) as creators,
    -- mutant: what anybody wrote into the older table counts
    (schema_fix.is_open('chat_rooms', 'aw') or not schema_fix.is_open('rooms', 'aw'))
    -- mutant: a table that is left over says what a room is
    and not schema_fix.messages_are_keyed_to_chat_rooms()
    -- What a role of the API has made itself says nothing.
    and not exists (
        select from pg_class where oid = schema_fix.table_called('rooms') and schema_fix.is_api_role(relowner)
    ) as older_rooms;
