--! Title: What has to be decided about what people write themselves and the fix tells by other words

-- The words that a type, a status or a role may be today and the fix refuses, and what tells: the check or the type of the column, its default,
-- or rows. Without a policy, rows tell only where each has a word and none has the one that the fix makes of it, and a default where there are none;
-- capitals and blanks are slips.
create view schema_fix.words_refused as
select writer.name as policy_name, worded.*, known.word, known.told_by
from schema_fix.writers as writer
join schema_fix.worded_columns as worded
    on worded.table_id = writer.table_id
    -- Asked about by itself.
    and not exists (select from schema_fix.types_beside as beside where beside.table_id = worded.table_id and beside.name = worded.column_name)
join pg_class as relation
    on relation.oid = worded.table_id
-- Of other tables the fix changes no words.
join schema_fix.columns as ours
    on ours.table_name = relation.relname
    and ours.column_name = worded.stands_for
cross join lateral (
    select defined.word, defined.told_by
    from schema_fix.words_defined as defined
    where defined.table_id = worded.table_id
        and defined.column_name = worded.column_name
        and (
            defined.told_by <> 'default'
            or writer.command in ('a', '*')
                and (
                    writer.name is not null
                    or not exists (select from schema_fix.words_written(worded.table_id, worded.column_name))
                )
        )
    union
    -- mutant: whoever writes a word that rows hold is refused from then on
    select held.word, 'rows'
    from schema_fix.words_written(worded.table_id, worded.column_name) as held (word)
    where writer.name is not null
        and writer.command in ('a', '*')
    union
    -- mutant: whoever has words of their own is refused from then on
    select held.word, 'rows'
    from (select schema_fix.words_of_every_row(worded.table_id, worded.column_name)) as every (words)
    cross join lateral unnest(every.words) as held (word)
    where writer.name is null
        and lower(btrim(held.word)) is distinct from schema_fix.meaning_of(worded.stands_for, held.word)
        and coalesce(
            schema_fix.meaning_of(worded.stands_for, held.word),
            case worded.stands_for when 'type' then 'group' when 'role' then 'admin' else 'approved' end
        ) not in (select lower(btrim(other.word)) from unnest(every.words) as other (word))
) as known (word, told_by)
-- mutant: whoever writes a word where a rule only names the column is refused from then on
cross join lateral schema_fix.words_asked(writer.allows, worded.table_id, worded.column_name, worded.stands_for) as asked (words)
-- A word that the fix replaces is said of the policy that names it.
where (
        asked.words is null
        or known.word = any (asked.words)
            and schema_fix.meaning_of(worded.stands_for, known.word) is null
            and writer.allows !~ format('<>[^'']*''%s''', known.word)
    )
    and (known.word ~ '^[[:alpha:]][[:alnum:]_-]*$' or schema_fix.meaning_of(worded.stands_for, known.word) is not null)
    and known.word not in (select means from schema_fix.words where column_name = worded.stands_for);

create view schema_fix.decisions_about_words_written (name, problem, may_be_acknowledged) as
-- Conversations of two that people make and a boolean tells: the fix makes a type of it, and what they insert so would be a group, which
-- others ask to join. Where a policy recurses, nobody can.
-- mutant: a conversation that people make by a boolean becomes a group
-- mutant: a conversation that anybody makes by a boolean becomes a group
select
    format('%s.%s', writer.table_id, coalesce(writer.name::text, quote_ident(flag.name))),
    format(
        '%s lets people make rooms, and %I tells which are conversations of two: one that they insert so would be a group; let them call open_or_create_dm',
        case
            when writer.name is null then format('%s, without row level security,', writer.table_id)
            else format('the policy %I on %s', writer.name, writer.table_id)
        end,
        flag.name
    ),
    true
from schema_fix.writers as writer
join pg_class as relation
    on relation.oid = writer.table_id
    and (writer.name is not null or not relation.relrowsecurity)
cross join lateral unnest(schema_fix.flags_for(writer.table_id, 'type', 'group')) as flag (name)
where writer.table_id = schema_fix.table_called('chat_rooms')
    and writer.command in ('a', '*')
    and cardinality(schema_fix.columns_for(writer.table_id, 'type')) = 0
    and regexp_replace(writer.allows, format('\m%s\M\W*IS (NOT )?NULL', flag.name), '', 'g') !~ format('\m%s\M', flag.name)
union all
-- Words that people or the server write, and the fix refuses.
select
    format('%s.%s', refused.table_id, coalesce(refused.policy_name::text, quote_ident(refused.column_name))),
    format(
        '%s words in %I that will be refused: %s, so let the application write %s%s',
        case
            when refused.policy_name is null then format('%s takes', refused.table_id)
            else format('the policy %I on %s lets people write', refused.policy_name, refused.table_id)
        end,
        refused.column_name,
        string_agg(
            format('%s (%s)', refused.word, refused.told_by), ', ' order by refused.word
        ) filter (where refused.number <= 20) || case when count(*) > 20 then ', …' else '' end,
        (select string_agg(distinct means, ', ') from schema_fix.words where column_name = refused.stands_for),
        case when refused.stands_for = 'status' and bool_or(refused.let_in) then ', and in every row, for whoever is added without one waits from then on' end
    ),
    true
from (
    select
        policy_name, table_id, column_name, stands_for, left(word, 40) as word, string_agg(told_by, ', ' order by told_by) as told_by,
        bool_or(told_by = 'default' and schema_fix.meaning_of(stands_for, word) is null) as let_in,
        row_number() over (partition by policy_name, table_id, column_name order by word) as number
    from schema_fix.words_refused
    group by policy_name, table_id, column_name, stands_for, word
) as refused
group by refused.policy_name, refused.table_id, refused.column_name, refused.stands_for
union all
-- Rooms that are known by words: an address or the client names one so, or makes the word of two people. Where the rules do not work, or people
-- write without rules and have written nothing in such a room, a word among uuids is a slip.
-- mutant: whoever names a room by a word finds none
-- mutant: whoever names one of some rooms by a word finds none
select
    format('%s.%I', room.table_id, attribute.attname),
    format(
        '%s.%I holds words (%L), of which the fix makes uuids: whoever names a room by its word would find none; let them name it by its uuid',
        room.table_id, attribute.attname, left(written.word, 40)
    ),
    true
from schema_fix.present_tables as room
join pg_attribute as attribute
    on attribute.attrelid = room.table_id
    and attribute.attname = (schema_fix.columns_for(room.table_id, 'id'))[1]
join pg_type as type
    on type.oid = attribute.atttypid
    and type.typcategory = 'S'
cross join lateral (
    select
        min(id.word) filter (where schema_fix.user_uuid(id.word) is null) as word,
        bool_or(schema_fix.user_uuid(id.word) is not null) as is_mixed
    from schema_fix.words_written(room.table_id, attribute.attname) as id (word)
) as written
where room.holds = 'rooms'
    and not schema_fix.was_applied()
    and written.word is not null
    and (
        not written.is_mixed
        or exists (select from schema_fix.writing_policies)
        -- mutant: whoever names a room without rules by a word finds none
        or schema_fix.is_open('chat_messages', 'a')
        and exists (
            select
            from schema_fix.words_written(room.table_id, attribute.attname) as id (word)
            join schema_fix.legacy_messages as message
                on message.room_id = schema_fix.room_uuid(id.word)
            where schema_fix.user_uuid(id.word) is null
                and message.sender is not null
        )
    );
