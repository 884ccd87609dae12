--! Title: What has to be decided about people who are no accounts

-- How many rows of a table say something in a column, and how many of these no id of an account.
create function schema_fix.words_for_people(target regclass, column_name name) returns table (said bigint, words bigint)
language plpgsql
stable
as $$
begin
    return query execute format(
        'select count(*), count(*) filter (where schema_fix.is_no_user(%1$I::text)) from %2$s where btrim(%1$I::text) <> ''''', column_name, target
    );
end
$$;

create view schema_fix.decisions_about_people_by_words (name, problem, may_be_acknowledged) as
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
cross join lateral schema_fix.words_for_people(changed.table_id, changed.column_name) as held
where changed.column_name = (schema_fix.columns_for(changed.table_id, wanted.name))[1]
    and not schema_fix.was_applied()
    -- Not of a slip or two, which anybody may have written.
    and held.words * 10 > held.said;
