--! Title: What has to be decided about ids of people and messages that are words

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
    and not schema_fix.was_applied();
