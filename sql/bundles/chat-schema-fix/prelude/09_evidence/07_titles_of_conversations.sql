--! Title: Whether direct conversations have a title

-- are_given: some have one, or nothing tells. Without rows, a function of the application's tells that makes them. What the fix found the first
-- time, it keeps: its own function says it.
create table schema_fix.titles_of_conversations as
select case
    when schema_fix.was_applied() then not exists (
        select from pg_proc where oid = to_regprocedure('public.ensure_direct_conversation(uuid,uuid)') and prosrc !~ 'Direct Message'
    )
    else coalesce(
        (
            select bool_or(btrim(title) <> '') is true
            from schema_fix.legacy_rooms
            where type = 'dm'
                and schema_fix.columns_for(source::regclass, 'title') <> '{}'
            having count(*) > 0
        ),
        (
            select bool_or(name.attname = any (made.columns)) is true
            from schema_fix.replaced_functions as replaced
            join pg_proc as routine
                on routine.oid = replaced.function_id
            cross join lateral schema_fix.rows_inserted(schema_fix.without_comments(routine.prosrc), 'chat_rooms') as made
            cross join lateral (
                select lower(title) as attname
                from unnest(schema_fix.columns_for(schema_fix.table_called('chat_rooms'), 'title')) as given (title)
            ) as name
            where replaced.name in ('ensure_direct_conversation', 'open_or_create_dm')
            having count(*) > 0
        ),
        true
    )
end as are_given;
