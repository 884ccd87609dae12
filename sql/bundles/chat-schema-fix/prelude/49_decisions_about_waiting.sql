--! Title: What has to be decided about whoever takes those who wait for members

-- What takes every row of chat_room_members for a member, where nobody could put one there who asks to join: functions that people, the
-- server or triggers use, policies of other tables, and views that read messages or rooms for their owner.
create view schema_fix.readers_of_whoever_asks (name, what) as
with status as (
    select '\m(' || string_agg(distinct lower(word), '|') || '|approved|pending)\M' as words
    from (
        select 'status' as word
        union all
        select unnest(schema_fix.columns_for(schema_fix.table_called('chat_room_members'), 'status'))
        union all
        select known_as from schema_fix.flags where column_name = 'status'
    ) as named
),
reading as (
    select dependency.classid, dependency.objid
    from pg_depend as dependency
    where dependency.refclassid = 'pg_class'::regclass
        and dependency.refobjid = schema_fix.table_called('chat_room_members')
)
select used.function_id::text, format('the function %s', used.function_id)
from schema_fix.functions_in_use as used
join schema_fix.functions_called as called
    on called.caller_id = used.function_id
    and called.source ~ '(from|join)\s+(only\s+)?("?public"?\s*\.\s*)?"?chat_room_members\M'
cross join status
where called.source_with_constants !~ status.words
union
select format('%s.%s', policy.polrelid::regclass, policy.polname), format('the policy %I on %s', policy.polname, policy.polrelid::regclass)
from reading
join pg_policy as policy
    on reading.classid = 'pg_policy'::regclass
    and policy.oid = reading.objid
    and policy.polrelid not in (select table_id from schema_fix.present_tables)
cross join status
where lower(concat_ws(' ', pg_get_expr(policy.polqual, policy.polrelid), pg_get_expr(policy.polwithcheck, policy.polrelid))) !~ status.words
union
select view.oid::regclass::text, format('the view %s', view.oid::regclass)
from reading
join pg_rewrite as rule
    on reading.classid = 'pg_rewrite'::regclass
    and rule.oid = reading.objid
join pg_class as view
    on view.oid = rule.ev_class
    and view.relkind in ('v', 'm')
    and view.relnamespace not in (select oid from pg_namespace where nspname in ('schema_fix', 'chat_access'))
    and not coalesce(view.reloptions, '{}') && '{security_invoker=true,security_invoker=on,security_invoker=1}'
    and has_any_column_privilege('authenticated', view.oid, 'select')
cross join status
where lower(pg_get_viewdef(view.oid)) !~ status.words
    and exists (
        select
        from schema_fix.present_tables as shown
        where shown.holds <> 'members'
            and schema_fix.reads(view.oid, shown.table_id)
    );

create view schema_fix.decisions_about_waiting (name, problem, may_be_acknowledged) as
select
    name,
    format(
        '%s takes every row of public.chat_room_members for a member, and with the fix everybody puts a row there who asks to join, and waits:'
            ' let it ask for the status approved, or user_is_in_room',
        what
    ),
    true
from schema_fix.readers_of_whoever_asks
where not schema_fix.is_open('chat_room_members', 'a')
    and not schema_fix.was_applied();
