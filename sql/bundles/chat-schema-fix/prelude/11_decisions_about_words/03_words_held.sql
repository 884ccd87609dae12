--! Title: What has to be decided about words that rows hold and the fix does not know

create view schema_fix.decisions_about_words_held (name, problem, may_be_acknowledged) as
with columns as materialized (
    -- Once for each table, not for each row.
    select
        'public.' || table_name as source,
        table_id,
        (schema_fix.columns_for(table_id, 'status'))[1] as status,
        (schema_fix.columns_for(table_id, 'role'))[1] as role
    from schema_fix.present_tables
),
without_a_status as (
    -- Memberships without a word for their status, and whether something shows that they were none of people who wait: they created the room
    -- or decide there, it is a conversation, or an old rule takes such a status for a word. A status was added, and nobody gave it
    -- to those who were there.
    select
        member.source,
        not exists (
            select
            from schema_fix.legacy_members as other
            where other.room_id = member.room_id
                and other.user_id = member.user_id
                and other.source <> member.source
        )
        and (
            member.role = 'admin'
            or exists (
                select
                from schema_fix.legacy_rooms as room
                where room.id = member.room_id
                    and (room.type = 'dm' or room.created_by = member.user_id)
            )
            or exists (
                select
                from (
                    select concat_ws(' ', using_expression, check_expression) as said
                    from schema_fix.present_policies
                    union all
                    select said
                    from schema_fix.bodies_about_members
                    where table_id = columns.table_id
                ) as rule
                where rule.said ~* format('\mcoalesce\s*\(\s*(\w+\.)?%1$s\M|\m%1$s"?\s+is\s+(not\s+)?(null|distinct)\M', columns.status)
            )
        ) as was_in
    from schema_fix.legacy_members as member
    join columns
        on columns.source = member.source
    where member.user_id is not null
        and member.flag is null
        and coalesce(btrim(member.word), '') = ''
        and member.status = 'pending'
),
unknown as (
    -- Who has a status that is neither approved nor known waits from then on. Whether the old rules let them in is not asked: without row
    -- level security they let in everybody, and nothing tells. A word that differs from approved by capitals or blanks is such a word.
    select member.source, 'status' as stands_for, btrim(member.word) as word, count(*) as number
    from schema_fix.legacy_members as member
    -- mutant: whoever has a status that nobody knows waits without a word
    where member.user_id is not null
        and member.flag is null
        and btrim(member.word) <> ''
        and member.status = 'pending'
        and schema_fix.meaning_of('status', member.word) is distinct from 'pending'
    group by member.source, btrim(member.word)
    union all
    -- mutant: whoever was there before there was a status waits without a word
    select source, 'status', '', count(*)
    from without_a_status
    group by source
    having bool_or(was_in)
    union all
    -- A room without a title, of at most two people, of whom one has a membership of a group: it becomes a group, to which its creator adds
    -- whom they like.
    select room.source, 'type', btrim(room.word), count(*)
    from schema_fix.legacy_rooms as room
    join (
        select room_id, count(distinct person) as number
        from schema_fix.legacy_members
        group by room_id
        having bool_or(source = 'public.chat_room_members')
    ) as people
        on people.room_id = room.id
        and people.number <= 2
    -- mutant: a conversation of two by a word that nobody knows is a group
    where btrim(room.word) <> ''
        and coalesce(btrim(room.title), '') = ''
        and not exists (select from schema_fix.legacy_rooms as other where other.id = room.id and other.type is not null)
    group by room.source, btrim(room.word)
    union all
    -- Who is in a group under a role that the fix does not know, other than its creator, is a plain member from then on: an owner, a moderator.
    -- Nothing is taken from whoever was no more than that.
    -- mutant: an owner becomes a plain member without a word
    select member.source, 'role', btrim(said.word), count(*)
    from schema_fix.legacy_members as member
    join columns
        on columns.source = member.source
        and columns.role is not null
    cross join lateral (select member.row_data ->> columns.role::text as word) as said
    where member.user_id is not null
        and member.status = 'approved'
        and btrim(said.word) not in ('', 'admin')
        and lower(btrim(said.word)) <> all ('{member,participant,user,guest,visitor,viewer,reader,listener,follower,subscriber,regular,standard,basic,normal}')
        and not exists (
            select
            from schema_fix.legacy_rooms as room
            where room.id = member.room_id
                and (room.type = 'dm' or room.created_by = member.user_id)
        )
    group by member.source, btrim(said.word)
)
select
    format('%s.%I', held.source, attribute.attname),
    format(
        case held.stands_for
            when 'status' then '%s.%I holds words that the fix does not know, or none: %s. Whoever has one would wait, and read nothing: write approved,'
                ' pending or blocked instead, or acknowledge it, if they are to wait'
            when 'role' then '%s.%I holds words that the fix does not know: %s. Whoever has one would be a plain member, who admits and removes'
                ' nobody: write admin or member instead, or acknowledge it, if they are members'
            else '%s.%I holds words that the fix does not know, of rooms of at most two people and without a title: %s. They would become groups,'
                ' to which others can be added: write dm or group instead, or acknowledge it, if they are groups'
        end,
        held.source, attribute.attname,
        string_agg(
            format('%s (%s)', case held.word when '' then 'none' else quote_literal(left(held.word, 40)) end, held.number), ', ' order by held.number desc, held.word
        ) filter (where held.place <= 20) || case when max(held.place) > 20 then ', …' else '' end
    ),
    true
from (
    select *, row_number() over (partition by source, stands_for order by number desc, word) as place
    from unknown
) as held
join schema_fix.present_tables as present
    on 'public.' || present.table_name = held.source
-- Of numbers another decision speaks.
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attname = (schema_fix.columns_for(present.table_id, held.stands_for))[1]
join pg_type as type
    on type.oid = attribute.atttypid
    and type.typcategory <> 'N'
where not schema_fix.was_applied()
group by held.source, held.stands_for, attribute.attname;
