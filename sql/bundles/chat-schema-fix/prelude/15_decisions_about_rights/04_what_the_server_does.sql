--! Title: What has to be decided about rooms that only the server made

-- Rooms and memberships that no policy and no function let signed-in users make, in a chat that works: they read rooms and messages, and send
-- these, under row level security. Where a table has no policy at all, or one that recurses, nothing is meant: nobody can do anything.
create view schema_fix.decisions_about_what_the_server_does (name, problem, may_be_acknowledged) as
with had as materialized (
    select rights_had.*, relation.relrowsecurity as is_guarded
    from schema_fix.rights_had
    join pg_class as relation
        on relation.oid = rights_had.table_id
)
select
    format('%s.insert', nobody.table_id),
    format(
        'no policy and no function lets signed-in users insert into %s, while they read rooms and send messages: only the server does; with the'
            ' fix %s: acknowledge it, if they may; else the fix is not for this application',
        nobody.table_id,
        case nobody.holds
            when 'rooms' then 'everybody makes groups, and puts people in by create_group_room, and opens conversations by open_or_create_dm'
            else 'everybody asks to join or opens conversations, and admins add, admit and remove others'
        end
    ),
    true
from had as nobody
-- mutant: rooms that only the server made are made by everybody
where nobody.holds in ('rooms', 'members')
    and nobody.verb = 'insert'
    -- Nobody writes to the tables that are left behind.
    and nobody.generation = 'current'
    and nobody.is_guarded
    -- What was kept back by a word or a privilege is said elsewhere.
    and not nobody.was_meant is true
    and exists (select from had where table_id = nobody.table_id and verb = 'select' and was_there)
    and exists (select from had where holds = 'rooms' and verb = 'select' and was_there)
    -- Who makes rooms adds people to them, somehow; and where people join by themselves rooms were theirs to make.
    and not exists (select from had where holds in ('rooms', 'members') and verb = 'insert' and was_there)
    and (
        select count(distinct verb)
        from had
        where holds = 'messages' and verb in ('select', 'insert') and was_there and is_guarded
    ) = 2
    and not schema_fix.was_applied()
    and not exists (select from schema_fix.functions_that_make_rooms);
