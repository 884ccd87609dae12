--! Title: What has to be decided about words that the fix replaces

-- The columns that hold a word: the type of a room, the status and role of a member. Looked for once, not again for each decision.
create table schema_fix.worded_columns as
select
    relation.oid::regclass as table_id,
    attribute.attnum as place,
    attribute.attname as column_name,
    fact.column_name as stands_for
from schema_fix.tables
join pg_class as relation
    on relation.oid = schema_fix.table_called(table_name)
cross join (select distinct column_name from schema_fix.words) as fact
cross join lateral unnest(schema_fix.columns_for(relation.oid, fact.column_name)) as found (name)
join pg_attribute as attribute
    on attribute.attrelid = relation.oid
    and attribute.attname = found.name
where generation = 'current';

-- Whether a text of SQL, in lower case, compares a column with a word, or writes it there.
create function schema_fix.says_word_of(source text, column_name text, word text) returns boolean
language sql
immutable
return source ~ format(
    '\m%1$s"?\s*(=|<>|!=|is( not)? distinct from|(not )?in\s*\([^()]*|=\s*any\s*\(\s*(array\s*\[)?[^]()]*)\s*''%2$s''', column_name, word
);

-- Whether a function, by its text in lower case, says a word of other tables only: wherever it does, the statement names another table with a
-- column of the name, or the row of another table whose trigger it is, and not the one that is asked about.
create function schema_fix.says_of_others(function_id oid, source text, target regclass, column_name name, word text) returns boolean
language sql
stable
as $$
    select bool_and(
        statement.text !~ format('\m%s\M', (select relname from pg_class where oid = target))
        and (
            exists (
                select
                from pg_attribute as attribute
                join pg_class as other
                    on other.oid = attribute.attrelid
                    and other.relkind in ('r', 'p', 'v', 'm')
                    and other.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace)
                where attribute.attname = says_of_others.column_name
                    and not attribute.attisdropped
                    and other.oid <> target
                    and other.relname ~ '^\w+$'
                    and statement.text ~ format('\m(from|join|update|into|using)\s+(only\s+)?("?\w+"?\s*\.\s*)?"?%s\M', other.relname)
            )
            or statement.text ~ format('\m(new|old)\s*\.\s*"?%s\M', lower(says_of_others.column_name))
            and not exists (select from pg_trigger where tgrelid = target and tgfoid = says_of_others.function_id)
        )
    )
    from regexp_split_to_table(source, ';|\m(?:begin|then|else|loop)\M') as statement (text)
    where strpos(statement.text, quote_literal(lower(word))) > 0
$$;

-- Words that functions in use write into these columns or ask them for, and the fix replaces: those that rows hold, or that the fix knows
-- for another; and any other that a function writes there, or compares with them. A list in one constant holds several.
create view schema_fix.words_of_functions as
with named as (
    select distinct used.function_id, worded.table_id, worded.column_name, worded.stands_for
    from schema_fix.functions_in_use as used
    join pg_proc as routine
        on routine.oid = used.called_id
        and routine.prosqlbody is null
    join schema_fix.worded_columns as worded
        on used.source ~ format('\m%s\M', (select relname from pg_class where oid = worded.table_id))
        and used.source ~ format('\m%s\M', lower(worded.column_name))
),
said as (
    select named.*, used.called_id, used.source_with_constants as source, word.constant as word
    from named
    join schema_fix.functions_in_use as used
        using (function_id)
    join pg_proc as routine
        on routine.oid = used.called_id
    cross join lateral unnest(schema_fix.constants_in(routine.prosrc)) as literal (constant)
    cross join lateral unnest(
        case when literal.constant ~ '^\{.*\}$' then regexp_split_to_array(btrim(literal.constant, '{}'), '\s*,\s*') else array[literal.constant] end
    ) as word (constant)
)
select function_id, format('%s.%I', table_id, column_name) as column_name, word
from said
where word not in (select means from schema_fix.words as known where known.column_name = said.stands_for)
    and (
        schema_fix.is_written(table_id, column_name, word)
        or word <> 'public' and exists (
            select from schema_fix.words as known where known.column_name = said.stands_for and known.word = lower(said.word)
        )
        or word ~ '^[[:alpha:]][[:alnum:]_-]*$' and schema_fix.says_word_of(source, lower(column_name), lower(word))
    )
    and schema_fix.says_of_others(called_id, source, table_id, column_name, word) is not true;

create view schema_fix.decisions_about_words (name, problem, may_be_acknowledged) as
-- A check about the type of a room, or the status or role of a member, and something else, which new words would break or silence.
select
    format('%s.%s', rule.conrelid::regclass, rule.conname),
    format(
        'the check %I on %s is about %s and other columns, and the fix replaces its words: rewrite it for the new ones: %s',
        rule.conname,
        rule.conrelid::regclass,
        case worded.stands_for when 'type' then 'the type of a room' else 'the ' || worded.column_name || ' of a member' end,
        pg_get_constraintdef(rule.oid)
    ),
    true
from schema_fix.worded_columns as worded
join pg_constraint as rule
    on rule.conrelid = worded.table_id
    and rule.contype = 'c'
    and cardinality(rule.conkey) > 1
    and worded.place = any (rule.conkey)
where exists (
    select
    from unnest(schema_fix.constants_in(pg_get_constraintdef(rule.oid))) as word (constant)
    where word.constant not in (select means from schema_fix.words as known where known.column_name = worded.stands_for)
        -- An empty text is no word, and says of another column that something is there.
        and (btrim(word.constant) <> '' or schema_fix.is_written(worded.table_id, worded.column_name, word.constant))
        and not exists (
            select
            from schema_fix.worded_columns as other
            join schema_fix.words as known
                on known.column_name = other.stands_for
            where other.table_id = worded.table_id
                and other.place = any (rule.conkey)
                and known.means = word.constant
        )
)
union all
-- Views, policies of other tables, and whatever else asks for a word that the fix replaces: it would find something else, or nothing.
select distinct
    reader.name,
    format(
        'the %s asks for the word %L, which the fix replaces in %s.%I: rewrite it for the new word', reader.what, word.constant, worded.table_id,
        worded.column_name
    ),
    true
from schema_fix.worded_columns as worded
join schema_fix.readers as reader
    on reader.table_id = worded.table_id
    and reader.place = worded.place
    and case reader.kind
        when 'policy' then reader.id not in (
            select policy_id from schema_fix.present_policies where is_permissive and generation = 'current'
        )
        when 'function' then reader.id not in (select function_id from schema_fix.functions_that_go)
        else true
    end
cross join lateral unnest(schema_fix.constants_in(reader.source)) as word (constant)
where word.constant not in (select means from schema_fix.words as known where known.column_name = worded.stands_for)
    and schema_fix.is_written(worded.table_id, worded.column_name, word.constant)
union all
-- A unique rule or an index for rooms of a type that will be called otherwise.
select
    index.indexrelid::regclass::text,
    format(
        'the index %s is about a type of room that gets another word: rewrite it for dm or group: %s',
        index.indexrelid::regclass, pg_get_expr(index.indpred, index.indrelid)
    ),
    true
from pg_index as index
where index.indrelid = schema_fix.table_called('chat_rooms')
    and index.indisunique
    and index.indpred is not null
    and exists (
        select
        from unnest(schema_fix.columns_for(index.indrelid, 'type')) as type (name)
        where pg_get_expr(index.indpred, index.indrelid) ~ format('\m%s\M', type.name)
    )
    and exists (
        select
        from unnest(schema_fix.constants_in(pg_get_expr(index.indpred, index.indrelid))) as word (constant)
        where word.constant not in ('dm', 'group')
    )
union all
-- Functions that ask for a word which the fix replaces, or write it.
select
    known.function_id::text,
    format(
        'the function %s knows the word %L, which the fix replaces in %s: rewrite it for the new word',
        known.function_id, known.word, string_agg(distinct known.column_name, ', ')
    ),
    true
from schema_fix.words_of_functions as known
where not schema_fix.was_applied()
group by known.function_id, known.word
union all
-- Policies that let people write such a word, of which no row need tell yet.
select distinct
    format('%s.%s', policy.table_id, policy.name),
    format(
        'the policy %I on %s lets people write the word %L, which the fix replaces in %I: let the application write the new word',
        policy.name, policy.table_id, word.constant, worded.column_name
    ),
    true
from schema_fix.present_policies as policy
join schema_fix.worded_columns as worded
    on worded.table_id = policy.table_id
    and policy.check_expression ~ format('\m%s\M', worded.column_name)
cross join lateral unnest(schema_fix.constants_in(policy.check_expression)) as word (constant)
join schema_fix.words as replaced
    on replaced.column_name = worded.stands_for
    and replaced.word = word.constant
    and replaced.means <> replaced.word
where not schema_fix.was_applied()
    and policy.command in ('a', 'w', '*')
    and not policy.has_our_name
    and policy.check_expression !~ format('<>[^'']*''%s''', word.constant);
