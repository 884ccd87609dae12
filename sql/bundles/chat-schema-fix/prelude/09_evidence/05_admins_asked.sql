--! Title: Whether somebody asks who is an admin

-- by_role: rules that worked, or functions that are used, ask who is an admin. Then a creator who is a member decides about nobody: that they were
-- demoted, or that the last admin has left, is what somebody wrote, and no gap. Noted before anything is changed: later the old rules are gone.
create table schema_fix.admins_asked as
select exists (
    select
    from unnest(schema_fix.columns_for(schema_fix.table_called('chat_room_members'), 'role')) as role (name)
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
        on rule.source ~ format('\m%s\M', lower(role.name))
        and strpos(rule.source, '''admin''') > 0
) as by_role;
