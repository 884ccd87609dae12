--! Title: Which words policies and definitions know

-- What each row says in a column, each word once, or null where there is no row, or one says nothing there: an application that writes no
-- word in some rows need not write it in others.
create function schema_fix.words_of_every_row(target regclass, column_name name) returns text[]
language plpgsql
stable
as $$
declare
    words text[];
begin
    execute format(
        'select case when bool_and(btrim(coalesce(said, '''')) <> '''') then array_agg(said) end'
            ' from (select distinct %I::text as said from %s) as known',
        column_name, target
    ) into words;
    return words;
end
$$;

-- By what rows of the chat's tables are written that no function writes: policies, or, for a table without any, what needs none: everybody
-- where there is no row level security, and the server.
create view schema_fix.writers as
select table_id, name, command, allows
from schema_fix.writing_policies
where generation = 'current'
union all
select present.table_id, null, '*', ''
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
where present.generation = 'current'
    and not schema_fix.was_applied()
    -- mutant: where row level security is off, nobody writes
    and (
        not relation.relrowsecurity
        or not exists (select from schema_fix.writing_policies as policy where policy.table_id = present.table_id)
    );

-- The words that the definition of a column of types, statuses or roles knows, and what tells: its check, its type, or its default.
create view schema_fix.words_defined as
select worded.table_id, worded.column_name, known.word, known.told_by
from schema_fix.worded_columns as worded
join pg_attribute as attribute
    on attribute.attrelid = worded.table_id
    and attribute.attnum = worded.place
cross join lateral (
    -- mutant: whoever writes a word that the check knew is refused from then on
    select word.constant, 'check'
    from pg_constraint as rule
    cross join lateral unnest(schema_fix.constants_in(pg_get_constraintdef(rule.oid))) as word (constant)
    where rule.contype = 'c'
        and (rule.conrelid = worded.table_id and rule.conkey = array[worded.place] or rule.contypid = attribute.atttypid)
    union
    select label.enumlabel, 'type' from pg_enum as label where label.enumtypid = attribute.atttypid
    union
    -- mutant: whoever writes a word that is the default is refused from then on
    select word.constant, 'default'
    from pg_attrdef as given
    cross join lateral unnest(schema_fix.constants_in(pg_get_expr(given.adbin, given.adrelid))) as word (constant)
    where given.adrelid = worded.table_id
        and given.adnum = worded.place
    union
    -- mutant: whoever writes a word that only rules know is refused from then on
    select word.constant, 'rules'
    from schema_fix.texts_of_policies as texts
    cross join lateral unnest(schema_fix.constants_in(texts.source)) as word (constant)
    where word.constant ~ '^[[:alpha:]][[:alnum:]_-]*$'
        and schema_fix.says_word_of(lower(texts.source), lower(worded.column_name), lower(word.constant))
) as known (word, told_by);

-- The words by which a rule asks for a column of the row that is written, or null where it asks for none: `type is not null` lets anything be.
create function schema_fix.words_asked(rule text, target regclass, column_name name, stands_for name) returns text[]
language sql
stable
as $$
    select case
        -- Of another row of the table it asks under another name.
        when regexp_replace(rule, format('\m(?!%s\.)\w+\."?%s\M', relname, column_name), '', 'g') ~ format('\m%s\M', column_name) then
            nullif(
                array(
                    select word.constant
                    from unnest(schema_fix.constants_in(rule)) as word (constant)
                    where schema_fix.meaning_of(stands_for, word.constant) is not null
                        or word.constant in (
                            select defined.word
                            from schema_fix.words_defined as defined
                            where defined.table_id = target
                                and defined.column_name = words_asked.column_name
                            union all
                            select held.word from schema_fix.words_written(target, column_name) as held (word)
                        )
                ),
                '{}'
            )
    end
    from pg_class
    where oid = target
$$;
