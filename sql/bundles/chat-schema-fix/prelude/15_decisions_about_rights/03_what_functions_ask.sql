--! Title: What has to be decided about functions that alone made rooms

-- Functions that make rooms past row level security, and that signed-in users may call, or a trigger of another table calls: conversations of
-- two, or groups.
create view schema_fix.functions_that_make_rooms as
select distinct
    made.function_id,
    exists (
        select
        from schema_fix.writes_of_functions as beside
        where beside.function_id = made.function_id
            and beside.table_name = 'room_members'
            and beside.verb = 'insert into'
    )
    or exists (
        select
        from schema_fix.functions_in_use as used
        join schema_fix.words as known
            on known.column_name = 'type'
            and known.means = 'dm'
            and strpos(used.source_with_constants, quote_literal(known.word)) > 0
        where used.function_id = made.function_id
    ) as of_two
from schema_fix.writes_of_functions as made
join pg_proc as routine
    on routine.oid = made.function_id
    and routine.prosecdef
where made.table_name = 'chat_rooms'
    and made.verb = 'insert into'
    and case
        when routine.prorettype = 'trigger'::regtype
            then not exists (
                select from pg_trigger where tgfoid = routine.oid and tgrelid in (select table_id from schema_fix.present_tables)
            )
        else has_function_privilege('authenticated', routine.oid, 'execute')
    end;

-- What they ask besides who calls and who is in which room: other tables and views, and what the token or a setting says.
create view schema_fix.asked_by_makers_of_rooms as
select making.function_id, making.of_two, relation.oid::regclass::text as looks_at
from schema_fix.functions_that_make_rooms as making
join schema_fix.functions_in_use as used
    on used.function_id = making.function_id
join pg_class as relation
    on relation.relkind in ('r', 'p', 'v', 'm', 'f')
    and relation.relnamespace not in (
        'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace, 'auth'::regnamespace
    )
    and relation.oid not in (select table_id from schema_fix.present_tables)
    and used.source ~ format('(from|join)\s+(only\s+)?("?\w+"?\s*\.\s*)?"?%s\M', lower(relation.relname))
    -- That somebody is there, and what they are called, the key to people says as well.
    and (
        relation.oid not in (select key.target from schema_fix.keys_of_columns as key where key.column_name in ('user_id', 'sender', 'created_by'))
        and relation.oid not in (select account.table_id from schema_fix.columns_of_accounts as account where account.name = 'id')
        or exists (
            select
            from pg_attribute as asked
            where asked.attrelid = relation.oid
                and asked.attnum > 0
                and not asked.attisdropped
                and asked.attname !~* '^(id|email|avatar.*|.*name)$'
                and asked.attname not in (
                    select ours.attname from pg_attribute as ours where ours.attrelid in (select table_id from schema_fix.present_tables)
                )
                and used.source ~ format('\m%s\M', lower(asked.attname))
        )
    )
union
select making.function_id, making.of_two, acting.tgrelid::regclass::text
from schema_fix.functions_that_make_rooms as making
join pg_trigger as acting
    on acting.tgfoid = making.function_id
    and not acting.tgisinternal
union
select making.function_id, making.of_two, 'what the token or a setting says'
from schema_fix.functions_that_make_rooms as making
join schema_fix.functions_in_use as used
    on used.function_id = making.function_id
    and used.source ~ '\m(auth\s*\.\s*jwt|current_setting|auth\s*\.\s*role|auth\s*\.\s*email)\s*\(';

create view schema_fix.decisions_about_what_functions_ask (name, problem, may_be_acknowledged) as
select
    making.function_id::text,
    format(
        'the function %s is the only way to %s, and asks %s; with the fix everybody does, by %s, which does not ask: let a trigger before insert'
            ' ask it, or acknowledge it, if everybody may',
        making.function_id,
        case when making.of_two then 'open a conversation of two' else 'make a group' end,
        string_agg(distinct making.looks_at, ', '),
        case when making.of_two then 'open_or_create_dm, with everybody' else 'create_group_room, and puts anybody in' end
    ),
    true
from schema_fix.asked_by_makers_of_rooms as making
-- mutant: what a function asks before it makes a room is forgotten
where not exists (
        select
        from schema_fix.rights_had as had
        where had.verb = 'insert'
            and had.table_name = case when making.of_two then 'room_members' else 'chat_rooms' end
            and had.was_there
    )
    and not schema_fix.was_applied()
group by making.function_id, making.of_two;
