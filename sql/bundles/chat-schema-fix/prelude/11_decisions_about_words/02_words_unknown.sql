--! Title: What has to be decided about types and statuses that the fix cannot read

-- Whether a condition compares a column with who is calling.
create function schema_fix.compares_with_caller(condition text, column_name name) returns boolean
language sql
immutable
return condition ~* format(
    '\m%1$s"?\)?(::\w+)?\s*=\s*[( ]*(select\s+)?auth\.uid\(|auth\.uid\(\)( as uid)?\)*(::\w+)?\s*=\s*\(?"?%1$s\M', column_name
);

-- Where no column of messages is one for who sends, those that may be: a key to accounts, or compared with who is calling by a rule about new messages.
create view schema_fix.columns_for_senders as
select message.table_id, attribute.attname as column_name, attribute.attnum as place
from schema_fix.present_tables as message
join pg_attribute as attribute
    on attribute.attrelid = message.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.atttypid in ('uuid'::regtype, 'text'::regtype, 'varchar'::regtype)
where message.holds = 'messages'
    and schema_fix.columns_for(message.table_id, 'sender') = '{}'
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = message.table_id)
    and (
        exists (
            select
            from schema_fix.present_policies as policy
            where policy.table_id = message.table_id
                and policy.command in ('a', '*')
                and schema_fix.compares_with_caller(coalesce(policy.check_expression, policy.using_expression), attribute.attname)
        )
        or exists (
            select
            from pg_constraint as key
            where key.contype = 'f'
                and key.conrelid = message.table_id
                and key.conkey = array[attribute.attnum]
                and (
                    key.confrelid = to_regclass('auth.users')
                    or key.confrelid in (select profile.conrelid from pg_constraint as profile where profile.confrelid = to_regclass('auth.users'))
                )
        )
    );

-- Whether no two rows say the same in a column.
create function schema_fix.differs_in_each_row(target regclass, column_name name) returns boolean
language plpgsql
stable
as $$
declare
    is_so boolean;
begin
    execute format('select count(%1$I) = count(distinct %1$I::text) from %2$s', column_name, target) into is_so;
    return is_so;
end
$$;

create view schema_fix.decisions_about_words_unknown (name, problem, may_be_acknowledged) as
-- Numbers in the place of words: nobody but the application knows what they mean.
select
    format('%s.%I', worded.table_id, worded.column_name),
    format(
        '%s.%I is %s, and the fix does not know what its numbers mean: write words instead (%s)',
        worded.table_id, worded.column_name, format_type(attribute.atttypid, null),
        (select string_agg(distinct known.means, ', ') from schema_fix.words as known where known.column_name = worded.stands_for)
    ),
    false
from schema_fix.worded_columns as worded
join pg_attribute as attribute
    on attribute.attrelid = worded.table_id
    and attribute.attname = worded.column_name
    and attribute.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, '"char"'::regtype)
where exists (select from schema_fix.legacy_members)
union all
-- Rooms of which no column says the type as the fix knows it, and another one may.
select
    format('%s.%I', room.table_id, attribute.attname),
    format(
        '%s has no column for the type of a room that the fix knows, and %I may hold it: rename it to type, with dm and group in it, or to %s',
        room.table_id, attribute.attname, (select string_agg(known_as, ' or ') from schema_fix.flags where column_name = 'type')
    ),
    true
from schema_fix.present_tables as room
join pg_attribute as attribute
    on attribute.attrelid = room.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.atttypid <> 'uuid'::regtype
    and attribute.attname ~* '(direct|dm|one_?to_?one|1_?to_?1|1on1|p2p|private|personal|group|kind|type|mode|categor|class)'
where room.holds = 'rooms'
    and not schema_fix.was_applied()
    and not exists (
        select
        from schema_fix.present_tables as said
        where said.holds = 'rooms'
            and (schema_fix.columns_for(said.table_id, 'type') <> '{}' or schema_fix.flags_for(said.table_id, 'type', 'group') <> '{}')
    )
    and not exists (
        select from schema_fix.known_columns as known where known.table_id = room.table_id and known.name = attribute.attname
    )
    -- A code that is another for each room lets somebody in.
    -- mutant: a code that tells types of rooms is a code to join by
    and not (
        attribute.attname ~* 'code$'
        and schema_fix.differs_in_each_row(room.table_id, attribute.attname)
        and not exists (
            select
            from schema_fix.words_written(room.table_id, attribute.attname) as held (word)
            where schema_fix.meaning_of('type', held.word) is not null
        )
    )
    and (
        exists (select from schema_fix.legacy_rooms)
        -- Where there is no room yet, a check or a default tells.
        or exists (
            select
            from (
                select pg_get_constraintdef(oid) as source
                from pg_constraint
                where conrelid = room.table_id
                    and contype = 'c'
                    and conkey = array[attribute.attnum]
                union all
                select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = room.table_id and adnum = attribute.attnum
            ) as said
            cross join lateral unnest(schema_fix.constants_in(said.source)) as word (constant)
            join schema_fix.words as known
                on known.column_name = 'type'
                and known.word = lower(word.constant)
        )
    )
union all
-- Messages that say something in a column that the fix does not know: it would stand empty beside the fix's own.
select
    format('%s.%I', message.table_id, attribute.attname),
    format(
        '%s has no column for content that the fix knows, and %I, which is required, would stay beside an empty content: rename it to content, if it'
            ' holds what a message says',
        message.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as message
join pg_attribute as attribute
    on attribute.attrelid = message.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.attnotnull
    and not attribute.atthasdef
    and attribute.atttypid in ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
-- mutant: what a message says in another column is forgotten
where message.holds = 'messages'
    and not schema_fix.was_applied()
    and schema_fix.columns_for(message.table_id, 'content') = '{}'
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = message.table_id)
union all
-- And messages that say who sent them in such a column: a column for senders would stand empty beside it.
select
    format('%s.%I', candidate.table_id, candidate.column_name),
    format(
        '%s has no column for the sender that the fix knows, and %I may be it, which would stay beside an empty sender: rename it to sender, if it is',
        candidate.table_id, candidate.column_name
    ),
    true
-- mutant: who sent a message by another column is forgotten
from schema_fix.columns_for_senders as candidate
where not schema_fix.was_applied()
union all
-- Rooms whose own id has a name that the fix does not know: no message and no membership would be in one.
select
    format('%s.%I', room.table_id, attribute.attname),
    format('the primary key of %s is %I, and the fix knows the id of a room as id: rename it to id', room.table_id, attribute.attname),
    false
from schema_fix.present_tables as room
join pg_constraint as key
    on key.conrelid = room.table_id
    and key.contype = 'p'
    and cardinality(key.conkey) = 1
join pg_attribute as attribute
    on attribute.attrelid = room.table_id
    and attribute.attnum = key.conkey[1]
-- mutant: rooms by another id are rooms that nobody is in
where room.holds = 'rooms'
    and schema_fix.columns_for(room.table_id, 'id') = '{}';
