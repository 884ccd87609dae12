--! Title: What has to be decided about rooms of which two columns name a creator

-- How many rooms, conversations of two apart, name different people in two columns, and how many name somebody in the second alone whom no
-- membership makes an admin.
create function schema_fix.creators_that_contradict(target regclass, column_name name, other_name name)
returns table (differ bigint, alone bigint)
language plpgsql
stable
as $$
begin
    return query execute format(
        'select
            count(*) filter (where said.first <> said.other),
            count(*) filter (where said.first is null and not exists (
                select
                from schema_fix.legacy_members as member
                where member.room_id = room.id
                    and member.user_id = said.other
                    and member.role = ''admin''
                    and member.status = ''approved''
            ))
        from %s as named
        cross join lateral (
            select
                schema_fix.room_uuid(named.%I::text) as id,
                nullif(schema_fix.user_uuid(named.%I::text), %4$L) as first,
                nullif(schema_fix.user_uuid(named.%I::text), %4$L) as other
        ) as said
        join schema_fix.legacy_rooms as room
            on room.source::regclass = %6$L::regclass
            and room.id = said.id
            and room.type is distinct from ''dm''
        where said.other is not null',
        target, (schema_fix.columns_for(target, 'id'))[1], column_name, '00000000-0000-0000-0000-000000000000', other_name, target
    );
end
$$;

-- The columns that name who made a room, and whether a rule or a function that is used goes by them.
create view schema_fix.creators_asked as
select
    room.table_id,
    creator.name,
    creator.rank,
    exists (
        select
        from (
            select lower(source) from schema_fix.texts_of_policies
            union all
            select source from schema_fix.functions_in_use
        ) as text (source)
        where text.source ~ format('\m%s\M', lower(creator.name))
            and (text.source ~ format('\m%s\M', room.table_name) or text.source !~ '\mfrom\M')
    ) as is_asked
from schema_fix.present_tables as room
cross join lateral unnest(schema_fix.columns_for(room.table_id, 'created_by')) with ordinality as creator (name, rank)
where room.holds = 'rooms'
    and not schema_fix.was_applied();

create view schema_fix.decisions_about_creators_that_contradict (name, problem, may_be_acknowledged) as
with compared as materialized (
    select
        first.table_id,
        first.name,
        first.is_asked,
        other.name as other_name,
        other.is_asked as other_is_asked,
        contradicting.differ,
        contradicting.alone
    from schema_fix.creators_asked as first
    join schema_fix.creators_asked as other
        on other.table_id = first.table_id
        and other.rank > first.rank
    cross join lateral schema_fix.creators_that_contradict(first.table_id, first.name, other.name) as contradicting
    where first.rank = 1
)
-- The creator is kept in the room, and is its admin where it has none.
-- mutant: who gave a room away gets it back
select
    format('%s.%I', table_id, name),
    format(
        '%s groups name somebody else in %I than in %I, which counts with the fix, and %s: write into %I whose the group is',
        differ, other_name, name,
        case
            when other_is_asked then format('rules or functions go by %I', other_name)
            else 'no rule or function goes by either'
        end,
        name
    ),
    true
from compared
where differ > 0
    and (other_is_asked or not is_asked)
union all
-- An owner need not have made a room: the customer whom it is about. What a rule goes by, it means.
-- mutant: whom a room is about becomes its admin
select
    format('%s.%I', table_id, name),
    format(
        '%1$s groups name nobody in %2$I and somebody in %3$I who is no admin there, and no rule or function goes by %3$I: with the fix they made'
            ' the group; write into %2$I who did, and rename %3$I, if it means something else',
        alone, name, other_name
    ),
    true
from compared
where alone > 0
    and not other_is_asked
    and schema_fix.spelling(other_name) !~ '^creat';
