--! Title: What has to be decided about what goes by everybody seeing the rooms

-- Tables of rooms that people in no room see by the old rules, of whatever type, though messages are for whoever is in the room: a directory.
create view schema_fix.directories as
with strangers as materialized (
    select asked.table_id, asked.table_name, asked.type, bool_or(answer.world is not null) as are_let_in
    from schema_fix.worlds_of_rules as asked
    join schema_fix.rules_to_try as rule
        on rule.table_id = asked.table_id
        and rule.verb = asked.verb
    left join schema_fix.answers as answer
        on answer.policy_id = rule.policy_id
        and answer.verb = rule.verb
        and answer.world = asked.world
    where asked.verb = 'select'
        and asked.table_name in ('chat_rooms', 'chat_messages')
        and asked.standing = 'nowhere'
        and not asked.is_creator
        and not asked.is_own
        and asked.has_room
        and asked.table_id not in (
            select other.table_id
            from schema_fix.not_understood as unknown
            join schema_fix.rules_to_try as other
                using (policy_id, verb)
            where unknown.verb = 'select'
        )
    group by asked.table_id, asked.table_name, asked.type
)
select rooms.table_id, rooms.table_name
from strangers as rooms
join strangers as messages
    using (type)
where rooms.table_name = 'chat_rooms'
    and messages.table_name = 'chat_messages'
    and not schema_fix.was_applied()
group by rooms.table_id, rooms.table_name
having bool_and(rooms.are_let_in) and not bool_or(messages.are_let_in);

-- Policies of other tables that ask whether a room is there, and nothing of the caller about it: everybody passes, and with the fix those in the
-- room do, since nobody else sees it.
create view schema_fix.decisions_about_directories (name, problem, may_be_acknowledged) as
select
    reader.name,
    format(
        'the %s asks %s for a room, which everybody sees by its policies: with the fix only those in the room do, and nobody else would pass. Let it'
            ' ask a security definer function whether the room is there, if everybody is to pass',
        reader.what, directory.table_id
    ),
    true
from schema_fix.directories as directory
join schema_fix.readers as reader
    on reader.table_id = directory.table_id
join pg_policy as policy
    on policy.oid = reader.id
-- mutant: what everybody passes because they see the rooms is shut without a word
where reader.kind = 'policy'
    and policy.polpermissive
    and reader.relation_id not in (select present.table_id from schema_fix.present_tables as present)
    and schema_fix.binds_signed_in(array(select unnest(policy.polroles)))
    -- A function, a membership or the creator says who passes: those in the room, who still see it.
    and reader.source !~ '\m(?!auth\.|pg_catalog\.)"?\w+"?\."?\w+"?\('
    and not exists (
        select
        from schema_fix.present_tables as members
        where members.holds = 'members'
            and schema_fix.reads_table(reader.source, members.table_name)
    )
    and coalesce(schema_fix.comparisons_with_caller(
        reader.source,
        (select string_agg(lower(name), '|') from unnest(schema_fix.columns_for(directory.table_id, 'created_by')) as creator (name))
    ), 0) = 0
group by reader.name, reader.what, directory.table_id;
