--! Title: Whether somebody asks who is an admin

-- by_role: rules that worked, or functions that are used, ask who is an admin, by a word or a boolean. Then a creator who is a member decides about
-- nobody: that they were demoted, or that the last admin has left, is what somebody wrote, and no gap. Noted before anything is changed: later the
-- old rules are gone.
create table schema_fix.admins_asked as
select exists (
    select
    from (select schema_fix.table_called('chat_room_members') as table_id) as member
    cross join lateral (
        select name, '''admin''' as word from unnest(schema_fix.columns_for(member.table_id, 'role')) as name
        union all
        -- Beside a word it says nothing.
        select name, '' from unnest(schema_fix.flags_for(member.table_id, 'role', 'admin')) as name
        where schema_fix.columns_for(member.table_id, 'role') = '{}'
    ) as role
    join (
        select lower(source)
        from schema_fix.old_rules
        where table_name = 'chat_room_members'
            and not exists (select from schema_fix.recursive_policies)
        union all
        select source_with_constants
        from schema_fix.functions_in_use
        where source ~ '\mchat_room_members\M'
    ) as rule (source)
        -- Not the name of a function.
        on rule.source ~ format('\m%s\M"?(?! ?\()', lower(role.name))
        and strpos(rule.source, role.word) > 0
) as by_role;
