--! Title: What has to be decided about what members change of their part in a conversation of two

-- Whether rows of other tables refer to the memberships of a table, or policies and views of others read them: they are copied, and stay.
create function schema_fix.memberships_stay(source regclass) returns boolean
language sql
stable
as $$
    select exists (select from pg_constraint where contype = 'f' and confrelid = source)
        or exists (
            select
            from pg_depend as reading
            left join pg_policy as policy
                on reading.classid = 'pg_policy'::regclass and policy.oid = reading.objid
            left join pg_rewrite as rule
                on reading.classid = 'pg_rewrite'::regclass and rule.oid = reading.objid
            join pg_class as reader
                on reader.oid = coalesce(policy.polrelid, rule.ev_class)
            where reading.refclassid = 'pg_class'::regclass
                and reading.refobjid = source
                and reader.relnamespace <> 'schema_fix'::regnamespace
                and reader.relnamespace is distinct from to_regnamespace('chat_access')
                and not (
                    reader.relnamespace = 'public'::regnamespace
                    and reader.relname in (select table_name from schema_fix.tables)
                )
        )
$$;

-- Members change a column of their own membership, of a conversation of two as well, and those memberships move to room_members, where
-- nobody changes anything. Where they stay, the guard lets their people go on.
create view schema_fix.decisions_about_conversations_left (name, problem, may_be_acknowledged) as
select
    format('%s.%I', moved.table_id, own.column_name),
    format(
        'members change %s.%I in their own row, also of conversations of two: these memberships move to public.room_members, where nobody'
            ' changes it but functions of your own: change it in a function, or acknowledge it',
        moved.table_id, own.column_name
    ),
    true
from schema_fix.tables_left as moved
join pg_class as relation
    on relation.oid = moved.table_id
    and relation.relrowsecurity
cross join schema_fix.own_columns as own
-- mutant: what members change of their part in a conversation of two is taken from them without a word
where moved.table_name = 'chat_room_members'
    and not schema_fix.memberships_stay(moved.table_id)
    and not schema_fix.was_applied();
