--! Title: What has to be decided about marks that only the server asked for, or that anybody set

-- Columns that the fix does not know and that may say of a row who is to see it, or that nobody is any more: yes or no, a time that may be
-- empty, one of a few words, and in messages a person or several. Not what only tells of a row, by its name, nor what leads to a table of the chat.
create view schema_fix.marks as
select present.table_id, present.table_name, attribute.attnum as place, attribute.attname as column_name
from schema_fix.present_tables as present
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
join pg_type as type
    on type.oid = attribute.atttypid
join pg_type as base
    on base.oid = coalesce(nullif(type.typbasetype, 0), type.oid)
where present.generation = 'current'
    and (
        base.typcategory in ('B', 'E')
        or base.typcategory = 'D' and not attribute.attnotnull
        or present.holds = 'messages' and base.oid in ('uuid'::regtype, 'uuid[]'::regtype)
        or attribute.attname ~* '(status|state|visib|scope|audience|moderat|privacy)'
    )
    and attribute.attname !~* '(edit|read|seen|deliver|pin|reply|parent|thread|quote|forward|file|media|attach|client|local|last|mut|notif|star|fav|sync)'
    and not exists (
        select from schema_fix.known_columns as known where known.table_id = present.table_id and known.name = attribute.attname
    )
    and not exists (
        select
        from pg_constraint as key
        where key.contype = 'f'
            and key.conrelid = present.table_id
            and key.conkey = array[attribute.attnum]
            and key.confrelid in (select other.table_id from schema_fix.present_tables as other)
    );

-- Where nobody signed in could read messages at all, only the server of the application could, and whatever it asked for is in no rule:
-- whether a message was taken back, is due already, or is for somebody. A restrictive policy that asks for it stays.
create view schema_fix.decisions_about_marks (name, problem, may_be_acknowledged) as
select
    format('%s.%I', mark.table_id, mark.column_name),
    format(
        'nobody signed in could read %s, so only the server asked whether %s.%I keeps a row back; with the fix members read every message of their'
            ' rooms: make a restrictive policy for select that asks for it',
        had.table_id, mark.table_id, mark.column_name
    ),
    true
from schema_fix.rights_had as had
cross join schema_fix.marks as mark
-- mutant: what only the server kept back is shown to members
where had.table_name = 'chat_messages'
    and had.verb = 'select'
    and not had.was_there
    and not schema_fix.was_applied()
    and not exists (
        select
        from pg_depend as asked
        join schema_fix.present_policies as policy
            on policy.policy_id = asked.objid
            and not policy.is_permissive
            and policy.command in ('r', '*')
        where asked.classid = 'pg_policy'::regclass
            and asked.refclassid = 'pg_class'::regclass
            and asked.refobjid = mark.table_id
            and asked.refobjsubid = mark.place
    )
union all
-- What the application changes in messages and rooms by itself, as the name says, where nothing kept it from that, and no function does.
select
    format('%s.%I', present.table_id, attribute.attname),
    format(
        '%s has no row level security, and by its name people change %I of what others wrote: with the fix nobody changes a row there, and it would'
            ' stay as it is, without an error: let a security definer function change it',
        present.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
    and not relation.relrowsecurity
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
-- mutant: what people mark in messages and rooms stands still without a word
where case present.table_name
        when 'chat_messages' then schema_fix.spelling(attribute.attname)
            ~ '^(is)?(read|seen|edited|deleted|pinned|delivered|recalled|unsent|starred)(at|by|status)?$|^reactions?$'
        when 'chat_rooms' then schema_fix.spelling(attribute.attname)
            ~ '^(is)?(archived|closed|pinned|deleted)(at|by)?$|^last(message|msg|activity|sender)|^(unread|message|member|participant)s?count$'
        else false
    end
    and has_column_privilege('authenticated', present.table_id, attribute.attnum, 'update')
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = present.table_id)
    and not exists (
        select
        from schema_fix.writes_of_functions as writing
        where writing.table_id = present.table_id
            and writing.verb in ('update', 'insert into')
            and writing.rest ~ format('\m%s\M', lower(attribute.attname))
    )
    and not schema_fix.was_applied();
