--! Title: What has to be decided about who left, where the old rules let them read on

-- Columns beside the status of memberships that say who left, is blocked, or was admitted, and that no old rule about messages looks at, while
-- it goes by the memberships.
create view schema_fix.flags_not_asked as
select member.table_id, member.table_name, flag.means, found.name
from schema_fix.present_tables as member
join pg_class as messages
    on messages.oid = schema_fix.table_called('chat_messages')
    and messages.relrowsecurity
cross join (select distinct means from schema_fix.flags where column_name = 'status') as flag
cross join lateral unnest(schema_fix.flags_for(member.table_id, 'status', flag.means)) as found (name)
where member.holds = 'members'
    and schema_fix.rules_name('chat_messages', member.table_name::text)
    and not schema_fix.rules_name('chat_messages', found.name::text);

create view schema_fix.decisions_about_who_left (name, problem, may_be_acknowledged) as
select
    format('%s.%I', flag.table_id, flag.name),
    format(
        'no old rule about messages looks at %s.%I, which says of %s that they are in their rooms no more, or not yet: they could read,'
            ' and would wait or be blocked: let it say who is to stay, or acknowledge it, if they are to go',
        flag.table_id, flag.name,
        case count(distinct member.user_id) when 1 then '1 person' else format('%s people', count(distinct member.user_id)) end
    ),
    true
from schema_fix.flags_not_asked as flag
join schema_fix.legacy_members as member
    on member.source = 'public.' || flag.table_name
cross join lateral coalesce(lower(btrim(member.row_data ->> flag.name::text)), '') as said (value)
-- mutant: who left by a column that no rule asked loses the room without a word
where member.user_id is not null
    and member.flag is not null
    and (coalesce(btrim(member.word), '') = '' or schema_fix.meaning_of('status', member.word) = 'approved')
    and (said.value in ('', 'false', 'f', 'no', '0')) = (flag.means = 'approved')
    and not schema_fix.was_applied()
group by flag.table_id, flag.name
union all
-- A status that nothing ever wrote: its default says that they wait, no rule asks it, and they have written in the room.
select
    format('%s.%I', worded.table_id, worded.column_name),
    format(
        'no rule asks %s.%I, whose default says that whoever is added waits, and %s of those who do have written in the room: they would read nothing'
            ' any more: write approved instead, or acknowledge it, if they are to wait',
        worded.table_id, worded.column_name, count(distinct (member.room_id, member.user_id))
    ),
    true
from schema_fix.worded_columns as worded
join schema_fix.legacy_members as member
    on member.source::regclass = worded.table_id
    and schema_fix.meaning_of('status', member.word) = 'pending'
-- mutant: whoever waits by a default that no rule asked loses the room without a word
where worded.stands_for = 'status'
    and schema_fix.default_status(worded.table_id) = 'pending'
    and schema_fix.rules_name('chat_messages', 'chat_room_members')
    and not schema_fix.rules_name('chat_messages', worded.column_name::text)
    and not schema_fix.rules_name('chat_room_members', worded.column_name::text)
    and exists (
        select from schema_fix.legacy_messages as message where message.room_id = member.room_id and message.sender = member.user_id
    )
    and not schema_fix.was_applied()
group by worded.table_id, worded.column_name
union all
-- A word that says it in a column where the fix does not look for it, such as membership_state, or in the role. Where an old policy asks a
-- column that the fix does not know, other decisions speak of it. What says left and right is a side.
select
    format('%s.%I', held.table_id, held.column_name),
    format(
        '%s.%I says by its words that people are in their rooms no more, or not yet: %s. The fix reads that in a column status alone, and they would'
            ' read and write there: say it in a column status (approved, pending or blocked), or delete these memberships; or acknowledge it, if they'
            ' are to be in',
        held.table_id, held.column_name, held.words
    ),
    true
from (
    select
        member.table_id,
        attribute.attname as column_name,
        string_agg(quote_literal(said.word), ', ' order by said.word) filter (where known.word is not null) as words
    from schema_fix.present_tables as member
    join pg_attribute as attribute
        on attribute.attrelid = member.table_id
        and attribute.attnum > 0
        and not attribute.attisdropped
    join pg_type as type
        on type.oid = attribute.atttypid
        and type.typcategory in ('S', 'E')
    cross join lateral schema_fix.words_written(member.table_id, attribute.attname) as said (word)
    left join schema_fix.words as known
        on known.column_name = 'status'
        and known.means <> 'approved'
        and known.word = lower(btrim(said.word))
    where member.holds = 'members'
        and not schema_fix.was_applied()
        and (
            attribute.attname = any (schema_fix.columns_for(member.table_id, 'role'))
            or attribute.attname not in (select name from schema_fix.known_columns where known_columns.table_id = member.table_id)
            and not exists (
                select from schema_fix.texts_of_policies as texts where texts.source ~* format('\m%s\M', attribute.attname)
            )
        )
    group by member.table_id, attribute.attname
    -- A name that somebody chose is another in nearly every row.
    having count(*) <= 20
        and count(*) filter (where lower(btrim(said.word)) = 'right') = 0
) as held
-- mutant: who left by a word in another column than the status reads on
where held.words is not null;
