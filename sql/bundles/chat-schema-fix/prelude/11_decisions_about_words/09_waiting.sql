--! Title: What has to be decided about whoever takes those who wait for members

-- The triggers that act on a new membership whatever its status.
create view schema_fix.triggers_on_joining as
select acting.tgname, acting.tgrelid, acting.tgfoid
from pg_trigger as acting
where acting.tgrelid = schema_fix.table_called('chat_room_members')
    and not acting.tgisinternal
    and acting.tgenabled in ('O', 'A')
    and acting.tgtype & 4 = 4
    and pg_get_triggerdef(acting.oid) !~* ('\mnew"?\."?' || schema_fix.status_columns() || '\M');

-- A pattern for calls that tell somebody outside of the database, in a text in lower case: requests, queues, channels, jobs.
create function schema_fix.calls_out() returns text
language sql
immutable
return '(\mnet"?\s*\.\s*"?http_\w+|\mhttp(?:_(?:get|post|put|patch|delete|head))?|\mdblink\w*|\mpgmq"?\s*\.\s*"?send\w*|\mcron"?\s*\.\s*"?schedule\w*'
    '|\mpg_notify)"?\s*\(|(?:^|;|\mbegin|\mthen|\melse|\mloop)\s*notify\s';

-- What takes every row of chat_room_members for a member, where nobody could put one there who asks to join: functions that people, the
-- server or triggers use, policies and rules of other tables, views, keys and triggers.
create view schema_fix.readers_of_whoever_asks (name, what) as
with status as materialized (
    select array_agg(relation_id) as handed, '(' || string_agg(lower(relname), '|') || ')' as read
    from schema_fix.memberships_handed_on
    join pg_class
        on pg_class.oid = relation_id
)
select used.function_id::text, format('the function %s', used.function_id)
from schema_fix.functions_in_use as used
cross join status
-- Who only deletes memberships lets nobody in.
where regexp_replace(used.source, '\mdelete\s+from\M', '', 'g') ~ schema_fix.table_after('from|join|using|,', status.read)
    and not schema_fix.asks_the_status(used.source_with_constants, status.handed)
union
select name, case kind when 'view' then 'the view ' || name else 'the ' || what end from schema_fix.takers_of_memberships
union
-- Keys: whoever has a row there may write into the other table.
select format('%s.%s', key.conrelid::regclass, key.conname), format('the key %I of %s', key.conname, key.conrelid::regclass)
from pg_constraint as key
join pg_class as relation
    on relation.oid = key.conrelid
cross join status
where key.contype = 'f'
    and key.confrelid = schema_fix.table_called('chat_room_members')
    and key.conrelid not in (select table_id from schema_fix.present_tables)
    and has_any_column_privilege('authenticated', key.conrelid, 'insert')
    and (
        not relation.relrowsecurity
        or exists (
            select
            from pg_policy as policy
            cross join lateral lower(pg_get_expr(coalesce(policy.polwithcheck, policy.polqual), policy.polrelid)) as asking (condition)
            where policy.polrelid = key.conrelid
                and policy.polpermissive
                and policy.polcmd in ('a', '*')
                and schema_fix.binds_signed_in(policy.polroles)
                and asking.condition !~ '\muser_is_(in_room|group_member|group_admin)\M|^false$'
                and not schema_fix.asks_the_status(asking.condition, status.handed)
                and not exists (
                    select
                    from pg_depend as looked
                    join schema_fix.functions_called as called
                        on called.caller_id = looked.refobjid
                    where looked.classid = 'pg_policy'::regclass
                        and looked.objid = policy.oid
                        and looked.refclassid = 'pg_proc'::regclass
                        and schema_fix.asks_the_status(called.source_with_constants, status.handed)
                )
        )
    )
union
-- Triggers that add rows elsewhere, count or mark something, or tell somebody, whenever a membership is made: that somebody joined. A time
-- says only that something happened.
select used.function_id::text, format('the function %s, which %s,', used.function_id, string_agg(distinct done.what, ' and '))
from schema_fix.triggers_on_joining as acting
join schema_fix.functions_in_use as used
    on used.function_id = acting.tgfoid
cross join status
cross join lateral (
    select 'writes into ' || written.table_name as what
    from schema_fix.writes_in(used.source) as written
    where written.table_name <> 'chat_room_members'
        and (
            written.verb = 'insert into'
            -- mutant: whoever asks to join is counted as a member
            or exists (
                select
                from schema_fix.columns_set(written.verb, written.rest) as counted
                where written.verb = 'update'
                    and coalesce(counted.value, '') !~ '^(now|timezone|current_timestamp|localtimestamp|(clock|statement|transaction)_timestamp)\M'
            )
        )
    union all
    -- mutant: whoever asks to join is announced as a member
    select 'calls ' || regexp_replace(coalesce(called.parts[1], 'notify'), '[\s"]', '', 'g')
    from regexp_matches(used.source, schema_fix.calls_out(), 'g') as called (parts)
) as done
where not exists (
    select
    from schema_fix.functions_in_use as body
    where body.function_id = acting.tgfoid
        and schema_fix.asks_the_status(body.source_with_constants, status.handed, true)
)
group by used.function_id
union
-- Webhooks: their function is the host's, and tells all that is in the row.
select format('%s.%s', acting.tgrelid::regclass, acting.tgname), format('the trigger %I, a webhook,', acting.tgname)
from schema_fix.triggers_on_joining as acting
join pg_proc as routine
    on routine.oid = acting.tgfoid
    and routine.pronamespace = to_regnamespace('supabase_functions')
union
-- Publications of chosen columns: who listens hears of everybody who asks to join, and not that they wait.
-- mutant: whoever asks to join is published as a member
select published.pubname::text, format('the publication %I, which leaves the status out,', published.pubname)
from pg_publication_rel as member
join pg_publication as publication
    on publication.oid = member.prpubid
join pg_publication_tables as published
    on published.pubname = publication.pubname
    and format('%s.%s', published.schemaname, published.tablename) = schema_fix.written_name(member.prrelid)
-- Before Postgres 15 a publication has every column and every row.
where member.prrelid = schema_fix.table_called('chat_room_members')
    and to_jsonb(member) ->> 'prattrs' is not null
    and not to_jsonb(published) -> 'attnames' ?| schema_fix.columns_for(member.prrelid, 'status')::text[]
    and coalesce(to_jsonb(published) ->> 'rowfilter', '') !~* ('\m' || schema_fix.status_columns() || '\M');

create view schema_fix.decisions_about_waiting (name, problem, may_be_acknowledged) as
select
    name,
    format(
        '%s takes every row of public.chat_room_members for a member, and with the fix everybody puts a row there who asks to join, and waits:'
            ' %s',
        what,
        case
            when what ~ '^the publication' then 'publish the status, or only rows that are approved'
            when what ~ 'a webhook' then 'make it again with when (new.status = ''approved''), and one for whoever is approved later'
            else format('let it%s ask for the status approved, or user_is_in_room', case when what ~ '^the key' then ', or a policy of the table,' end)
        end
    ),
    true
from schema_fix.readers_of_whoever_asks
where not schema_fix.is_open('chat_room_members', 'a')
    and not schema_fix.was_applied();
