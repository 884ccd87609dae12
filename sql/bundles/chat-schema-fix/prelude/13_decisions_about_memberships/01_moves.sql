--! Title: What has to be decided about whoever reads memberships and rooms that move

-- The tables of which memberships go to another table (those of rooms of the other type, and of participants, of whom a copy stays that
-- nobody changes any more), and rooms, to which no room is added any more. A room whose type nothing says may be a group.
create view schema_fix.tables_to_leave as
select
    member.source::regclass as table_id,
    split_part(member.source, '.', 2) as table_name,
    'from which memberships move to another table' as how
from schema_fix.legacy_members as member
join schema_fix.legacy_rooms as room
    on room.id = member.room_id
where member.status = 'approved'
    and case member.source
        when 'public.room_members' then room.type is distinct from 'dm'
        when 'public.chat_room_members' then room.type = 'dm'
        else true
    end
union
select table_id, table_name, 'from which the rooms move to chat_rooms, where new ones are made'
from schema_fix.present_tables
-- mutant: what hangs on the older rooms knows no new one
where table_name = 'rooms';

-- The same, noted by schema_fix.decisions(): many ask for them, and each time it would be all rooms and memberships.
create table schema_fix.tables_left (table_id regclass not null, table_name text not null, how text not null);

-- The table to which what such a table holds goes, once the fix is there.
create function schema_fix.is_then_in(table_name text) returns text
language sql
immutable
return case table_name
    when 'rooms' then 'public.chat_rooms'
    when 'room_members' then 'public.chat_room_members'
    when 'chat_room_members' then 'public.room_members'
    else 'public.chat_room_members and public.room_members'
end;

create view schema_fix.decisions_about_moves (name, problem, may_be_acknowledged) as
-- Functions that read memberships which move.
select
    used.function_id::text,
    format(
        'the function %s uses %s: %sacknowledge it, and rewrite it when the fix is there',
        used.function_id,
        string_agg(distinct concat_ws(', ', moved.table_id, moved.how), '; '),
        case when bool_and(moved.table_name in ('room_members', 'chat_room_members')) then 'let it read both tables of members; or ' end
    ),
    true
from schema_fix.tables_left as moved
join schema_fix.functions_in_use as used
    -- What only notes something in the participants of the first generation finds those of old; a trigger may note it in the room.
    on used.source ~ case moved.table_name
        when 'conversation_participants' then schema_fix.table_after('from|join', moved.table_name)
        when 'rooms' then schema_fix.table_after('from|join|into|update', moved.table_name)
        else format('\m%s\M', moved.table_name)
    end
    -- One of the two that reads the other one as well, each for whoever it finds.
    and not (
        moved.table_name in ('room_members', 'chat_room_members')
        and used.source !~ '\m(not|except|intersect|join|into|update|count)\M'
        and (
            select count(*) = 2 and bool_and(read_by.number = 1) and used.source ~ '\m(or|union)\M'
            from unnest(array['room_members', 'chat_room_members']) as read (table_name)
            cross join lateral (select count(*) from regexp_matches(used.source, schema_fix.table_after('from', read.table_name), 'g')) as read_by (number)
        )
    )
join pg_proc as using_it
    on using_it.oid = used.function_id
    and not (
        moved.table_name = 'rooms'
        and using_it.prorettype = 'trigger'::regtype
        and used.source !~ schema_fix.table_after('from|join|into', 'rooms')
    )
where not schema_fix.was_applied()
group by used.function_id
union all
-- Policies of others, or restrictive ones, that read them.
select distinct
    reader.name,
    format(
        '%s reads %s, %s: acknowledge it, and let it ask %s when the fix is there', reader.what, moved.table_id, moved.how,
        case moved.table_name when 'rooms' then 'public.chat_rooms' else 'public.user_is_in_room' end
    ),
    true
from schema_fix.tables_left as moved
join schema_fix.readers as reader
    on reader.table_id = moved.table_id
    and reader.kind = 'policy'
    and reader.relation_id <> moved.table_id
    and reader.id not in (select policy_id from schema_fix.present_policies where is_permissive)
where not schema_fix.was_applied()
union all
-- Restrictive policies on them, which stay there.
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'the restrictive policy %I is on %s, %s: it applies to nothing there; create one with the same condition on %s',
        policy.name, policy.table_id, moved.how, schema_fix.is_then_in(moved.table_name)
    ),
    true
from schema_fix.tables_left as moved
join schema_fix.present_policies as policy
    on policy.table_id = moved.table_id
    and not policy.is_permissive
    and policy.name !~ '^chat_schema_fix_'
    and schema_fix.binds_signed_in(policy.roles)
join pg_class as relation
    on relation.oid = moved.table_id
    and relation.relrowsecurity
where not schema_fix.was_applied()
union all
-- Views over them. A view under a name of the first generation is one of the chat's.
select
    reader.name,
    format(
        'the view %s reads %s: acknowledge it, and let it read %s, too, when the fix is there', reader.name,
        string_agg(distinct concat_ws(', ', moved.table_id, moved.how), '; '), string_agg(distinct schema_fix.is_then_in(moved.table_name), ' and ')
    ),
    true
from schema_fix.tables_left as moved
join schema_fix.readers as reader
    on reader.table_id = moved.table_id
    and reader.kind = 'view'
    and reader.name not in (select 'public.' || table_name from schema_fix.tables)
where not schema_fix.was_applied()
group by reader.name
union all
-- What hangs on them, and would no longer see these memberships come and go.
select format('%s.%s', hanging.table_id, hanging.name), hanging.problem, true
from schema_fix.tables_left as moved
cross join lateral (
    select
        moved.table_id,
        acting.tgname as name,
        format(
            'the trigger %I acts on %s, %s: acknowledge it, and create it on %s when the fix is there', acting.tgname, moved.table_id, moved.how,
            schema_fix.is_then_in(moved.table_name)
        ) as problem
    from pg_trigger as acting
    where acting.tgrelid = moved.table_id
        and not acting.tgisinternal
        and acting.tgenabled <> 'D'
    union all
    -- Rules that act on what is written there.
    select
        moved.table_id,
        rule.rulename,
        format(
            'the rule %I acts on %s, %s: acknowledge it, and create it on %s when the fix is there', rule.rulename, moved.table_id, moved.how,
            schema_fix.is_then_in(moved.table_name)
        )
    from pg_rewrite as rule
    where rule.ev_class = moved.table_id
        and rule.ev_type <> '1'
        and rule.ev_enabled <> 'D'
    union all
    -- Keys of other tables: from now on memberships and new rooms are in another table, and nothing could refer to one.
    select
        key.conrelid::regclass,
        key.conname,
        format(
            'the key %I of %s leads to %s, %s: drop it, and make one afterwards to where they are',
            key.conname, key.conrelid::regclass, moved.table_id, moved.how
        )
    from pg_constraint as key
    where key.contype = 'f'
        and key.confrelid = moved.table_id
        and key.conrelid not in (select table_id from schema_fix.present_tables)
    union all
    -- Publications: who listens would hear nothing any more.
    select
        moved.table_id,
        publication.pubname,
        format(
            'the publication %I has %s, %s: its subscribers would get nothing of them; take the table out, and add %s',
            publication.pubname, moved.table_id, moved.how, schema_fix.is_then_in(moved.table_name)
        )
    from pg_publication_rel as published
    join pg_publication as publication
        on publication.oid = published.prpubid
    where published.prrelid = moved.table_id
) as hanging
where not schema_fix.was_applied();
