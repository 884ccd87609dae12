--! Title: What has to be decided about whoever reads memberships and rooms that move

-- Tables from which memberships of rooms of the other type move, or in which a copy of them stays that nobody changes any more, and rooms,
-- to which no room is added any more. A room whose type nothing says may be a group.
create view schema_fix.tables_left as
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
select table_id, table_name, 'from which the rooms move to chat_rooms: it gets no new ones'
from schema_fix.present_tables
where table_name = 'rooms';

create view schema_fix.decisions_about_moves (name, problem, may_be_acknowledged) as
-- Functions that read memberships which move.
select
    used.function_id::text,
    format('the function %s uses %s', used.function_id, string_agg(distinct concat_ws(', ', moved.table_id, moved.how), '; ')),
    true
from schema_fix.tables_left as moved
join schema_fix.functions_called as called
    -- What only notes something in the participants of the first generation finds those of old; a trigger may note it in the room.
    on called.source ~ format(
        case moved.table_name
            when 'conversation_participants' then '(from|join)\s+(only\s+)?("?public"?\s*\.\s*)?"?%s\M'
            when 'rooms' then '(from|join|into|update)\s+(only\s+)?("?public"?\s*\.\s*)?"?%s\M'
            else '\m%s\M'
        end,
        moved.table_name
    )
join schema_fix.functions_in_use as used
    on used.function_id = called.caller_id
join pg_proc as using_it
    on using_it.oid = called.caller_id
    and not (
        moved.table_name = 'rooms'
        and using_it.prorettype = 'trigger'::regtype
        and called.source !~ '(from|join|into)\s+(only\s+)?("?public"?\s*\.\s*)?"?rooms\M'
    )
where not schema_fix.was_applied()
group by used.function_id
union all
-- Policies of others, or restrictive ones, that read them.
select
    format('%s.%s', policy.polrelid::regclass, policy.polname),
    format('policy %I on %s reads %s, %s', policy.polname, policy.polrelid::regclass, moved.table_id, moved.how),
    true
from schema_fix.tables_left as moved
join pg_depend as reading
    on reading.classid = 'pg_policy'::regclass
    and reading.refclassid = 'pg_class'::regclass
    and reading.refobjid = moved.table_id
join pg_policy as policy
    on policy.oid = reading.objid
    and policy.polrelid <> moved.table_id
    and policy.oid not in (select policy_id from schema_fix.present_policies where is_permissive)
where not schema_fix.was_applied()
group by policy.polrelid, policy.polname, moved.table_id, moved.how
union all
-- Views over them.
select
    reader.oid::regclass::text,
    format('the view %s reads %s', reader.oid::regclass, string_agg(distinct concat_ws(', ', moved.table_id, moved.how), '; ')),
    true
from schema_fix.tables_left as moved
join pg_depend as reading
    on reading.classid = 'pg_rewrite'::regclass
    and reading.refclassid = 'pg_class'::regclass
    and reading.refobjid = moved.table_id
    and moved.table_name not in ('chat_room_members', 'rooms')
join pg_rewrite as rule
    on rule.oid = reading.objid
join pg_class as reader
    on reader.oid = rule.ev_class
    and reader.relkind in ('v', 'm')
    and reader.relnamespace not in (select oid from pg_namespace where nspname in ('schema_fix', 'chat_access'))
    -- A view under a name of the first generation is one of the chat's.
    and not (reader.relnamespace = 'public'::regnamespace and reader.relname in (select table_name from schema_fix.tables))
where not schema_fix.was_applied()
group by reader.oid
union all
-- Triggers on them, which would no longer see these memberships come and go.
select
    format('%s.%s', moved.table_id, acting.tgname),
    format('the trigger %I acts on %s, %s', acting.tgname, moved.table_id, moved.how),
    true
from schema_fix.tables_left as moved
join pg_trigger as acting
    on acting.tgrelid = moved.table_id
    and not acting.tgisinternal
    and acting.tgenabled <> 'D'
where not schema_fix.was_applied();
