--! Title: What has to be decided about rights that nobody had

-- The fix lets members read, send, see one another, make rooms, ask to join and leave, and admins decide who is in a group. What no
-- old policy is about cannot be compared: where the old database refused it to everybody, that may have been meant.

-- The functions that signed-in users may call and that read and write past row level security, with what they say, and what the
-- functions say that they call by name; and views that do.
create view schema_fix.texts_past_row_level_security as
select
    routine.oid::regprocedure::text as callable,
    routine.proname as name,
    regexp_replace(called.source_with_constants, '[\s"]+', ' ', 'g') as source,
    -- A yes or no says nothing of a message but who may do what with it.
    routine.prorettype not in ('boolean'::regtype, 'void'::regtype) as shows_rows
from schema_fix.functions_called as called
join pg_proc as routine
    on routine.oid = called.caller_id
    and routine.prosecdef
    and routine.prorettype <> 'trigger'::regtype
where has_function_privilege('authenticated', routine.oid, 'execute')
union all
-- Views that read with their owner's rights stand in for the tables that they read.
select distinct
    view.oid::regclass::text,
    view.relname,
    'from ' || lower(table_read.oid::regclass::text),
    true
from pg_class as view
join pg_rewrite as rule
    on rule.ev_class = view.oid
join pg_depend as reading
    on reading.classid = 'pg_rewrite'::regclass
    and reading.objid = rule.oid
    and reading.refclassid = 'pg_class'::regclass
join pg_class as table_read
    on table_read.oid = reading.refobjid
    and table_read.oid <> view.oid
where schema_fix.reads_for_its_owner(view.oid)
    and view.relnamespace not in (
        'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace
    )
    and not (view.relnamespace = 'public'::regnamespace and view.relname in (select table_name from schema_fix.tables))
    and has_any_column_privilege('authenticated', view.oid, 'select');

-- What the fix lets people do.
create view schema_fix.rights_given (table_name, verb, means) as
values
    ('chat_rooms'::name, 'select', 'members read their rooms'),
    ('chat_rooms', 'insert', 'everybody creates rooms'),
    ('chat_room_members', 'select', 'members see who is in their groups'),
    ('chat_room_members', 'insert', 'everybody asks to join, and admins add others'),
    ('chat_room_members', 'update', 'admins admit, block and appoint others'),
    ('chat_room_members', 'delete', 'members leave, and admins remove others'),
    ('room_members', 'select', 'the people of a direct conversation see who is in it'),
    ('room_members', 'insert', 'everybody opens direct conversations'),
    ('chat_messages', 'select', 'members read the messages of their rooms'),
    ('chat_messages', 'insert', 'members send messages');

-- What signed-in users could do with each table: `was_there` by a privilege and a policy that may let somebody in, `was_meant` where
-- somebody took care that they could not.
create view schema_fix.rights_had as
select
    present.table_id,
    present.table_name,
    present.holds,
    present.generation,
    verb.name as verb,
    granted.yes and (not relation.relrowsecurity or coalesce(policies.some_let_in, false)) as was_there,
    not granted.yes and has_any_column_privilege('authenticated', present.table_id, 'select')
        or relation.relrowsecurity and not policies.some_let_in as was_meant
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as verb (name, command)
cross join lateral (
    select case verb.name
        when 'delete' then has_table_privilege('authenticated', present.table_id, 'delete')
        else has_any_column_privilege('authenticated', present.table_id, verb.name)
    end as yes
) as granted
cross join lateral (
    select
        bool_or(
            case verb.name
                when 'insert' then coalesce(policy.check_expression, policy.using_expression)
                else policy.using_expression
            end is distinct from 'false'
        ) as some_let_in
    from schema_fix.present_policies as policy
    where policy.table_id = present.table_id
        and policy.is_permissive
        and policy.command in (verb.command::"char", '*')
        and schema_fix.binds_signed_in(policy.roles)
) as policies;

-- A name for each right that the fix would give though it was kept back, by which it may be acknowledged.
create view schema_fix.decisions_about_rights (name, problem, may_be_acknowledged) as
with had as materialized (
    select * from schema_fix.rights_had
),
texts as materialized (
    select * from schema_fix.texts_past_row_level_security where name not in (select function_name from schema_fix.functions)
),
-- Looked for once, not for each function.
failing as materialized (
    select * from schema_fix.tables_that_fail
)
select
    format('%s.%s', had.table_id, given.verb),
    format(
        '%s %s %s%s; with the fix %s: acknowledge it, if they may; else the fix is not for this application',
        case
            when had.was_there then 'a policy fails (it recurses, or asks a table or a function that they may not use) where signed-in users'
            else 'no policy and privilege let signed-in users'
        end,
        case given.verb when 'insert' then 'insert into' when 'delete' then 'delete from' when 'select' then 'read' else given.verb end,
        had.table_id,
        ', which they reach by ' || string_agg(distinct doing.callable, ', '),
        given.means
    ),
    true
from schema_fix.rights_given as given
join had
    using (table_name, verb)
left join texts as doing
    on doing.source ~ case
        when given.verb = 'select' or had.holds = 'messages' then format('\m%s\M', table_name)
        else schema_fix.table_after(case given.verb when 'insert' then 'insert into' when 'delete' then 'delete from' else given.verb end, table_name)
    end
-- mutant: what nobody could do is given without a word
where (
        not had.was_there
        -- What fails is mended; but who works around it may check more. Rooms and memberships are read by helpers everywhere.
        -- mutant: messages that a function showed, because policies recurse, are read past it without a word
        or had.holds = 'messages'
        and exists (select from failing where failing.table_id = had.table_id and failing.verb = given.verb)
        and case given.verb
            when 'select' then doing.shows_rows and doing.source ~ schema_fix.table_after('from|join|,', given.table_name)
            else doing.source ~ schema_fix.table_after('insert into', given.table_name)
        end
    )
    and not schema_fix.was_applied()
    -- The older table for the same may be the one that is used.
    and not exists (
        select from had as older where older.verb = given.verb and older.generation = 'first' and older.holds = had.holds and older.was_there
    )
    and case
        -- Reading, and sending: not possible though the table can be used otherwise, or functions use it. Where nobody reads anything,
        -- nothing works, whatever was meant.
        when given.verb = 'select' or had.holds = 'messages' then
            doing.callable is not null
            or exists (select from had as other where other.table_name = given.table_name and other.was_there)
            and (given.verb <> 'select' or exists (select from had as other where other.verb = 'select' and other.was_there))
        -- To make a room, to join, to leave, and to decide about others, is what the application asks for: somebody must have taken care
        -- that nobody can, or that functions do it.
        else had.was_meant or given.table_name = 'chat_room_members' and doing.callable is not null
    end
group by had.table_id, given.table_name, given.verb, given.means, had.was_there
union all
-- Views that write past the policies to a table that has no key: while it is published, Postgres refuses every update and delete of it,
-- and with the key that the fix makes it no longer does.
select
    view.oid::regclass::text,
    format(
        'people may change %s through %s, past every policy, and only the key that a published table needs keeps them from it today: revoke'
            ' update and delete on the view, or make it security_invoker',
        present.table_id, view.oid::regclass
    ),
    false
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
    and relation.relreplident = 'd'
join pg_class as view
    on view.relkind = 'v'
    and view.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace)
    and pg_relation_is_updatable(view.oid, true) & 20 <> 0
    and schema_fix.reads_for_its_owner(view.oid)
    and schema_fix.reads(view.oid, present.table_id)
where present.generation = 'current'
    and not exists (select from pg_index where indrelid = present.table_id and indisprimary)
    and exists (
        select
        from pg_publication_tables as published
        join pg_publication as publication
            on publication.pubname = published.pubname
            and (publication.pubupdate or publication.pubdelete)
        where format('%s.%s', published.schemaname, published.tablename) = schema_fix.written_name(present.table_id)
    )
    and exists (
        select
        from pg_roles as api
        where schema_fix.is_api_role(api.oid)
            and (has_any_column_privilege(api.oid, view.oid, 'update') or has_table_privilege(api.oid, view.oid, 'delete'))
    )
group by view.oid, present.table_id;
