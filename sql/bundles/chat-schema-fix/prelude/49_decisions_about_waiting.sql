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
)
select used.function_id::text, format('the function %s', used.function_id)
from schema_fix.functions_in_use as used
cross join status
-- Who only deletes memberships lets nobody in.
where regexp_replace(used.source, '\mdelete\s+from\M', '', 'g') ~ schema_fix.table_after('from|join', 'chat_room_members')
    and used.source_with_constants !~ status.words
union
select reader.name, 'the ' || reader.what
from schema_fix.readers as reader
cross join status
where reader.table_id = schema_fix.table_called('chat_room_members')
    and reader.kind = 'policy'
    and reader.relation_id not in (select table_id from schema_fix.present_tables)
    and lower(reader.source) !~ status.words
union
select reader.name, 'the view ' || reader.name
from schema_fix.readers as reader
cross join status
where reader.table_id = schema_fix.table_called('chat_room_members')
    and reader.kind = 'view'
    and schema_fix.reads_for_its_owner(reader.relation_id)
    and has_any_column_privilege('authenticated', reader.relation_id, 'select')
    and lower(pg_get_viewdef(reader.relation_id)) !~ status.words
    and exists (
        select
        from schema_fix.present_tables as shown
        where shown.holds <> 'members'
            and schema_fix.reads(reader.relation_id, shown.table_id)
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
