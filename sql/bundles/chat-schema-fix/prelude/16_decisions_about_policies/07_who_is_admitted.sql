--! Title: What has to be decided about who is admitted, and by whom

create view schema_fix.decisions_about_who_is_admitted (name, problem, may_be_acknowledged) as
-- Whoever is added waits by a boolean or a time, and people say so themselves: the word that the fix reads from then on they do not write.
-- mutant: whoever is admitted by a boolean waits for ever
select
    format('%s.%I', member.table_id, flag.name),
    format(
        '%s has no status, and %I says who waits: with the fix a status says so, and whoever is added or admitted without one waits: let the'
            ' application write it, approved or pending',
        member.table_id, flag.name
    ),
    true
from schema_fix.present_tables as member
cross join lateral schema_fix.flags_that_wait(member.table_id) as flag
where member.table_name = 'chat_room_members'
    and not flag.lets_in
    and exists (
        select
        from schema_fix.writing_policies as policy
        where policy.table_id = member.table_id
            and policy.allows <> 'false'
    )
union all
-- A conversation of two in which one of them waits: it was asked for, and they accept it or not, by a policy where nobody could without. With the
-- fix only admins admit, and only a group has some.
-- mutant: whoever is asked for a conversation of two can never accept
select
    format('%s.%s', member.table_id, coalesce(policy.name, quote_ident(said.name))),
    format(
        'by %s people who wait in a conversation of two (%s) accept or decline it; with the fix nobody is admitted to one, and'
            ' open_or_create_dm opens another for the two: let them be approved before',
        case
            when policy.name is null then format('%s.%I', member.table_id, said.name)
            else format('the policy %I on %s', policy.name, policy.table_id)
        end,
        count(*)
    ),
    true
from (
    select
        waiting.source::regclass as table_id,
        waiting.user_id,
        (select count(distinct other.person) from schema_fix.legacy_members as other where other.room_id = waiting.room_id) as people
    from schema_fix.legacy_members as waiting
    where waiting.status = 'pending'
        -- Another column says that they left.
        and schema_fix.meaning_of('status', waiting.word) is distinct from 'approved'
        and waiting.room_id in (select id from schema_fix.legacy_rooms where type = 'dm')
        and exists (
            select
            from schema_fix.legacy_members as other
            where other.room_id = waiting.room_id
                and other.user_id <> waiting.user_id
                and other.status = 'approved'
        )
        and not exists (
            select
            from schema_fix.legacy_members as twice
            where twice.room_id = waiting.room_id
                and twice.user_id = waiting.user_id
                and twice.status <> 'pending'
        )
) as member
cross join lateral (
    select coalesce(
        (schema_fix.columns_for(member.table_id, 'status'))[1],
        (select flag.name from schema_fix.flags_that_wait(member.table_id) as flag limit 1)
    ) as name
) as said
left join (
    schema_fix.writing_policies as policy
    cross join lateral unnest(schema_fix.columns_for(policy.table_id, 'user_id')) as person (name)
)
    on policy.table_id = member.table_id
    and policy.command in ('w', '*')
    and schema_fix.asks_who_calls(policy.using_expression, person.name)
where said.name is not null
    and (policy.name is not null or member.people = 2)
    and not schema_fix.was_applied()
group by member.table_id, said.name, policy.name, policy.table_id
union all
-- Whoever joins by themselves asks from now on, and waits for ever where nobody is an admin, or will be.
-- mutant: whoever asks to join a room without an admin waits for ever
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'by the policy %I on %s people join by themselves, and in rooms nobody is an admin or a creator who is a member: with the fix they ask, and nobody'
            ' could admit them: make somebody an admin of each room before',
        policy.name, policy.table_id
    ),
    true
from schema_fix.writing_policies as policy
cross join lateral unnest(schema_fix.columns_for(policy.table_id, 'user_id')) as person (name)
where policy.table_name = 'chat_room_members'
    and policy.command in ('a', '*')
    and schema_fix.asks_who_calls(policy.allows, person.name)
    and not exists (
        select
        from unnest(schema_fix.constants_in(policy.allows)) as word (constant)
        where schema_fix.meaning_of('status', word.constant) = 'pending'
    )
    and exists (
        select
        from schema_fix.legacy_rooms as room
        join schema_fix.legacy_members as member
            on member.room_id = room.id
            and member.status = 'approved'
        where room.type is distinct from 'dm'
        group by room.id
        having not bool_or(
            member.role = 'admin'
            -- Who becomes one.
            or member.user_id is not distinct from room.created_by
                and not (
                    (select by_role from schema_fix.admins_asked)
                    and member.row_data ->> (schema_fix.columns_for(member.source::regclass, 'role'))[1] is not distinct from 'member'
                )
        )
    )
union all
-- Who made a room, in the one column of it that names somebody: without a creator nobody is an admin.
-- mutant: whoever made the rooms decides no more
select
    format('%s.%I', room.table_id, room.column_name),
    format(
        '%s has no column for who made a room under a name that the fix knows, and %I names somebody: call it created_by, if it is; else nobody'
            ' would be an admin',
        room.table_id, room.column_name
    ),
    true
from (
    select present.table_id, attribute.attname as column_name, count(*) over (partition by present.table_id) as places
    from schema_fix.present_tables as present
    join pg_attribute as attribute
        on attribute.attrelid = present.table_id
        and attribute.attnum > 0
        and not attribute.attisdropped
        and attribute.atttypid = 'uuid'::regtype
    where present.holds = 'rooms'
        and schema_fix.columns_for(present.table_id, 'created_by') = '{}'
        and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = present.table_id)
        and (
            schema_fix.spelling(attribute.attname) ~ '^(user|admin|owner|host|author|maker|manager|leader|founder|organi[sz]er|profile|account)(id|uid)?$'
            or exists (
                select
                from pg_constraint as key
                where key.contype = 'f'
                    and key.conrelid = present.table_id
                    and key.conkey = array[attribute.attnum]
                    and (
                        key.confrelid = to_regclass('auth.users')
                        or key.confrelid in (select account.table_id from schema_fix.columns_of_accounts as account)
                        and key.confrelid not in (select other.table_id from schema_fix.present_tables as other)
                    )
            )
        )
) as room
where room.places = 1
    and not schema_fix.was_applied();
