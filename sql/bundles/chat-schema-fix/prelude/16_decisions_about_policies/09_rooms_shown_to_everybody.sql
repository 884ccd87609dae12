--! Title: What has to be decided about what goes by everybody seeing the rooms

-- Tables of rooms that people in no room see by the old rules, of whatever type, though messages are for whoever is in the room: a directory.
create view schema_fix.directories as
with strangers as materialized (
    select asked.table_id, asked.table_name, asked.type, bool_or(answer.world is not null) as are_let_in
    from schema_fix.worlds_of_rules as asked
    join schema_fix.rules_to_try as rule
        on rule.table_id = asked.table_id
        and rule.verb = asked.verb
    left join schema_fix.answers as answer
        on answer.policy_id = rule.policy_id
        and answer.verb = rule.verb
        and answer.world = asked.world
    where asked.verb = 'select'
        and asked.table_name in ('chat_rooms', 'chat_messages')
        and asked.standing = 'nowhere'
        and not asked.is_creator
        and not asked.is_own
        and asked.has_room
        and asked.table_id not in (
            select other.table_id
            from schema_fix.not_understood as unknown
            join schema_fix.rules_to_try as other
                using (policy_id, verb)
            where unknown.verb = 'select'
        )
    group by asked.table_id, asked.table_name, asked.type
)
select rooms.table_id, rooms.table_name
from strangers as rooms
join strangers as messages
    using (type)
where rooms.table_name = 'chat_rooms'
    and messages.table_name = 'chat_messages'
    and not schema_fix.was_applied()
group by rooms.table_id, rooms.table_name
having bool_and(rooms.are_let_in) and not bool_or(messages.are_let_in);

-- Policies of other tables that ask whether a room is there, by a query, a view or a function with the caller's rights.
create view schema_fix.policies_over_directories as
select reader.id as policy_id, directory.table_id, directory.table_name
from schema_fix.directories as directory
join schema_fix.readers as reader
    on reader.table_id = directory.table_id
    and reader.kind = 'policy'
union
select asking.objid, directory.table_id, directory.table_name
from schema_fix.directories as directory
join pg_depend as asking
    on asking.classid = 'pg_policy'::regclass
-- mutant: what everybody passes by a view or a function over the rooms is shut without a word
where asking.refclassid = 'pg_class'::regclass
    and exists (select from pg_class where oid = asking.refobjid and relkind = 'v')
    and not schema_fix.reads_for_its_owner(asking.refobjid)
    and schema_fix.reads(asking.refobjid, directory.table_id)
    or asking.refclassid = 'pg_proc'::regclass
    and exists (
        select
        from schema_fix.functions_called as called
        join pg_proc as caller
            on caller.oid = called.caller_id
            and not caller.prosecdef
        join pg_proc as routine
            on routine.oid = called.function_id
            and not routine.prosecdef
        where called.caller_id = asking.refobjid
            and schema_fix.reads_table(called.source, directory.table_name)
    );

-- What they say, with the views that they read and the functions that they call: of these, separately, it is enough that they compare the creator with
-- anything, an argument for instance.
create function schema_fix.said_by_policy(policy oid, out said text, out functions text)
language sql
stable
as $$
    select
        (
            select concat_ws(
                ' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), string_agg(pg_get_viewdef(view.oid), ' ')
            )
            from pg_policy
            left join pg_depend as reading
                on reading.classid = 'pg_policy'::regclass
                and reading.objid = pg_policy.oid
                and reading.refclassid = 'pg_class'::regclass
            left join pg_class as view
                on view.oid = reading.refobjid
                and view.relkind = 'v'
            where pg_policy.oid = policy
            group by polqual, polwithcheck, polrelid
        ),
        (
            select string_agg(called.source, ' ')
            from pg_depend as calling
            join schema_fix.functions_called as called
                on called.caller_id = calling.refobjid
            where calling.classid = 'pg_policy'::regclass
                and calling.objid = policy
                and calling.refclassid = 'pg_proc'::regclass
        )
$$;

-- Those that ask nothing of the caller about it: everybody passes, and with the fix those in the room do, since nobody else sees it.
create view schema_fix.decisions_about_directories (name, problem, may_be_acknowledged) as
select
    format('%s.%s', policy.polrelid::regclass, policy.polname),
    format(
        'the policy %I on %s asks %s for a room, which everybody sees by its policies: with the fix only those in the room do, and nobody else would pass.'
            ' Let it ask a security definer function whether the room is there, if everybody is to pass',
        policy.polname, policy.polrelid::regclass, asking.table_id
    ),
    true
from schema_fix.policies_over_directories as asking
join pg_policy as policy
    on policy.oid = asking.policy_id
cross join lateral schema_fix.said_by_policy(policy.oid) as words
cross join lateral (
    select string_agg(lower(name), '|') as columns from unnest(schema_fix.columns_for(asking.table_id, 'created_by')) as found (name)
) as creator
-- mutant: what everybody passes because they see the rooms is shut without a word
where policy.polpermissive
    and policy.polrelid not in (select present.table_id from schema_fix.present_tables as present)
    and schema_fix.binds_signed_in(array(select unnest(policy.polroles)))
    -- A membership or the creator says who passes: those in the room, who still see it.
    and not exists (
        select
        from schema_fix.present_tables as members
        where members.holds = 'members'
            and schema_fix.reads_table(concat_ws(' ', words.said, words.functions), members.table_name)
    )
    and coalesce(schema_fix.comparisons_with_caller(words.said, creator.columns), 0) = 0
    and coalesce(words.functions !~ format('\m(%1$s)"?(\s*::\s*\w+)?\s*(=|\min\M)|=[\s(]*(\w+\s*\.\s*)?"?(%1$s)\M', creator.columns), true);
