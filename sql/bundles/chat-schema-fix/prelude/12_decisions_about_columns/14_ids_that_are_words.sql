--! Title: What has to be decided about ids of people and messages that are words, or numbers in their room

-- How many rows of a table say something in a column, and how many of these no uuid. Nothing, where it is a slip, which anybody may have written.
create function schema_fix.words_for_ids(target regclass, column_name name) returns table (said bigint, words bigint)
language plpgsql
stable
as $$
begin
    return query execute format(
        'select said, words
         from (
             select count(*) as said, count(*) filter (where schema_fix.is_no_user(%1$I::text)) as words from %2$s where btrim(%1$I::text) <> ''''
         ) as counted
         where words * 10 > said and (words > 1 or words = said)',
        column_name, target
    );
end
$$;

create view schema_fix.decisions_about_ids_that_are_words (name, problem, may_be_acknowledged) as
-- A link, a name, a number. Of senders and members other decisions speak, by what becomes of their rows.
-- mutant: what says who invited is taken for ids, whatever it says
select
    format('public.%I.%I', changed.table_name, changed.column_name),
    format(
        '%s of %s rows of public.%I say in %I what is no id of an account, and the fix makes ids of it, which would be left empty; a word that is'
            ' written from then on would be refused: rename the column, or write ids into it; or acknowledge it, if the words may go',
        held.words, held.said, changed.table_name, changed.column_name
    ),
    true
from schema_fix.columns_that_change_type as changed
join schema_fix.present_tables as present
    on present.table_id = changed.table_id
    and present.generation = 'current'
cross join unnest('{created_by,invited_by}'::name[]) as wanted (name)
cross join lateral schema_fix.words_for_ids(changed.table_id, changed.column_name) as held
where changed.column_name = (schema_fix.columns_for(changed.table_id, wanted.name))[1]
    and not schema_fix.was_applied()
union all
-- As clients make them, or a function does: nanoid, ULID. Links and clients name a message so.
-- mutant: whoever names a message by a word finds none
select
    format('public.chat_messages.%I', changed.column_name),
    format(
        'ids of public.chat_messages in %I are words, as of %s of %s messages, of which the fix makes uuids: whoever names a message by its word would'
            ' find none; let them name it by its uuid, and keep the words in a column of their own',
        changed.column_name, held.words, held.said
    ),
    true
from schema_fix.columns_that_change_type as changed
cross join lateral schema_fix.words_for_ids(changed.table_id, changed.column_name) as held
where changed.table_name = 'chat_messages'
    and changed.column_name = (schema_fix.columns_for(changed.table_id, 'id'))[1]
    and changed.typcategory = 'S'
    and not schema_fix.was_applied()
union all
-- Counted in each room by a trigger: the first message of the next room has a number that is taken.
-- mutant: messages that are numbered in each room are refused, once they have one key
select
    format('public.chat_messages.%I', numbered.name),
    format(
        'a trigger numbers the messages of each room from the beginning in %1$I, as the key %2$I on public.chat_messages says, and with the fix %1$I alone is'
            ' the primary key: a message would be refused where one of another room has its number: rename the column, so that the fix adds an id',
        numbered.name, key.relname
    ),
    false
from schema_fix.present_tables as present
cross join lateral (select (schema_fix.columns_for(present.table_id, 'id'))[1] as name) as numbered
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attname = numbered.name
    and attribute.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype)
    and not attribute.atthasdef
    and attribute.attidentity = ''
join pg_index as within
    on within.indrelid = present.table_id
    and within.indisunique
    and within.indnkeyatts > 1
    and attribute.attnum = any (within.indkey::smallint[])
join pg_class as key
    on key.oid = within.indexrelid
where present.table_name = 'chat_messages'
    and not exists (
        select
        from pg_index as alone
        where alone.indrelid = present.table_id
            and alone.indisunique
            and alone.indnkeyatts = 1
            and alone.indkey[0] = attribute.attnum
    )
    and schema_fix.is_filled_by_trigger(present.table_id, attribute.attname)
    and not schema_fix.was_applied();
