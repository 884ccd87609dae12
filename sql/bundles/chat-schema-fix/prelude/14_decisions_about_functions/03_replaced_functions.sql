--! Title: What has to be decided about functions that the fix replaces

-- The functions under the names of the application's that take none of the arguments which those of the fix need, or fewer, or by a default. One
-- that is called by position is given what it takes.
create view schema_fix.arguments_lacking as
select
    routine.oid::regprocedure as routine,
    replaced.name,
    coalesce(
        string_agg(needed.argument_name, ', ' order by needed.argument_name) filter (where not given.is_so),
        string_agg(needed.argument_name, ' or ' order by needed.argument_name)
    ) as names
from schema_fix.replaced_functions as replaced
join pg_proc as routine
    on routine.oid = replaced.function_id
    and routine.prokind = 'f'
    and routine.prorettype <> 'trigger'::regtype
    and '' <> all (routine.proargnames)
join schema_fix.arguments_given as needed
    on needed.function_name = replaced.name
cross join lateral (
    select exists (
        select
        from unnest(routine.proargnames) with ordinality as argument (name, place)
        where coalesce(routine.proargmodes[argument.place], 'i') in ('i', 'b', 'v')
            and argument.name = any (needed.known_as)
            and argument.place <= routine.pronargs - routine.pronargdefaults
    ) as is_so
) as given
group by routine.oid, replaced.name
having not bool_and(given.is_so)
    or routine.pronargs - routine.pronargdefaults < count(*);

create view schema_fix.decisions_about_replaced_functions (name, problem, may_be_acknowledged) as
-- Functions under the names of the fix's that look at something which these do not know: the condition would be lost with the body.
select
    replaced.function_id::regprocedure::text,
    format(
        'the function %s, which the fix replaces, looks at %s: rename it, and call it by that name',
        replaced.function_id::regprocedure, string_agg(distinct found.looks_at, ', ')
    ),
    true
from schema_fix.replaced_functions as replaced
join schema_fix.functions_called as called
    on called.caller_id = replaced.function_id
cross join lateral (
    select looks_at from schema_fix.unknown_in(called.function_id) as unknown (looks_at)
    union
    select format('the word %L', word)
    from pg_proc as said
    cross join lateral schema_fix.unknown_words_in(said.prosrc) as unknown (word)
    where said.oid = called.function_id
    union
    -- mutant: what a function of the application's asks of known tables is forgotten
    select asked
    from schema_fix.asked_besides(replaced.name, called.source_with_constants) as besides (asked)
    where replaced.name !~ '^user_is_'
    union
    -- mutant: what a function of the application's writes besides is forgotten
    select format('%s, into which it writes', present.table_id)
    from schema_fix.writes_in(called.source) as written
    join schema_fix.present_tables as present
        on present.table_name = written.table_name
        and present.holds = 'messages'
    where replaced.name !~ '^user_is_'
    union
    -- Who is added, and does not decide it or waits.
    select format('the status that it gives, %s', coalesce(given.status, 'which cannot be told'))
    from schema_fix.present_tables as present
    cross join lateral schema_fix.rows_inserted(schema_fix.without_comments(called.source_with_constants), present.table_name) as made
    cross join lateral unnest(schema_fix.columns_for(present.table_id, 'status')) as status (name)
    cross join lateral (
        select case
            when cardinality(made.columns) = cardinality(made.given) then made.given[array_position(made.columns, lower(status.name))]
        end as status
    ) as given
    where replaced.name !~ '^user_is_'
        and present.holds = 'members'
        and lower(status.name) = any (made.columns)
        and schema_fix.known_status(substring(given.status from '^''([^'']*)''')) is distinct from 'approved'
    union
    -- Of those in a group its creator alone is an admin.
    select 'the role that it gives others, ''admin'''
    from schema_fix.present_tables as present
    cross join lateral schema_fix.rows_inserted(schema_fix.without_comments(called.source_with_constants), present.table_name) as made
    cross join lateral unnest(schema_fix.columns_for(present.table_id, 'role')) as role (name)
    where replaced.name = 'create_group_room'
        and present.holds = 'members'
        and cardinality(made.columns) = cardinality(made.given)
        and made.given[array_position(made.columns, lower(role.name))] ~ '^''admin'''
    -- mutant: whom a function made an admin is a member
    having count(*) > 1
) as found
-- mutant: a function of the application's forgets what it asked
where not schema_fix.was_applied()
group by replaced.function_id
union all
-- Helpers that others use too, and that answer otherwise.
select
    function_id::regprocedure::text,
    format('the function %s, which others use and the fix replaces, %s. Let the others call it by another name, under which it stays',
        function_id::regprocedure, problem),
    true
-- mutant: what others ask of a helper is answered otherwise
from schema_fix.helpers_not_kept()
where not schema_fix.was_applied()
union all
-- Functions under the names of the application's that nobody signed in may call.
select
    routine.oid::regprocedure::text,
    format('the function %s, which the fix replaces, may be called by nobody who is signed in; with the fix everybody calls it: withdraw it from'
        ' authenticated afterwards, or acknowledge it, if they may', routine.oid::regprocedure),
    true
from schema_fix.replaced_functions as replaced
join pg_proc as routine
    on routine.oid = replaced.function_id
    and routine.prorettype <> 'trigger'::regtype
where replaced.name !~ '^user_is_'
    and not has_function_privilege('authenticated', routine.oid, 'execute')
    and not schema_fix.was_applied()
union all
-- Functions that another application calls, by names of arguments which those of the fix do not have.
select
    routine.oid::regprocedure::text,
    format(
        'the function %s, which the fix replaces, has arguments that it does not have there: %s. Calls that name them find nothing any more: give it another name'
            ' before, for those who call it so',
        routine.oid::regprocedure, string_agg(quote_ident(argument.name), ', ' order by argument.place)
    ),
    true
from schema_fix.replaced_functions as replaced
join pg_proc as routine
    on routine.oid = replaced.function_id
    and routine.prorettype <> 'trigger'::regtype
cross join lateral unnest(routine.proargnames) with ordinality as argument (name, place)
-- mutant: calls that name other arguments find nothing
where replaced.name in (select function_name from schema_fix.arguments)
    and has_function_privilege('authenticated', routine.oid, 'execute')
    and coalesce(routine.proargmodes[argument.place], 'i') in ('i', 'b', 'v')
    and argument.name <> ''
    and (replaced.name, argument.name) not in (select function_name, argument_name from schema_fix.arguments)
    and not schema_fix.was_applied()
group by routine.oid
union all
-- Functions that are called without one of the arguments that those of the fix need: who creates a group is whoever calls. Not one beside
-- another that is given them, which the application calls.
-- mutant: calls that leave out who creates find nothing
select
    lacking.routine::text,
    format(
        'the function %s, which the fix replaces, is called without %s, and that of the fix is not: give it another name before, for those who call it so',
        lacking.routine, lacking.names
    ),
    true
from schema_fix.arguments_lacking as lacking
where not schema_fix.was_applied()
    and has_function_privilege('authenticated', lacking.routine, 'execute')
    and not exists (
        select
        from schema_fix.replaced_functions as other
        where other.name = lacking.name
            and other.function_id not in (select beside.routine from schema_fix.arguments_lacking as beside)
    )
union all
-- Functions that another application calls for something else than those of the fix return. Where a call meets two of them, nobody calls either.
select
    routine.oid::regprocedure::text,
    format(
        'the function %s, which the fix replaces, returns %s, and that of the fix returns %s: who calls it finds nothing in what comes back.'
            ' Give it another name before, for those who call it so',
        routine.oid::regprocedure, pg_get_function_result(routine.oid), wanted.result
    ),
    true
from schema_fix.replaced_functions as replaced
join schema_fix.results as wanted
    on wanted.function_name = replaced.name
join pg_proc as routine
    on routine.oid = replaced.function_id
    and routine.prokind = 'f'
-- mutant: calls of a function get something else
where pg_get_function_result(routine.oid) <> wanted.result
    and has_function_privilege('authenticated', routine.oid, 'execute')
    and (routine.proargnames::name[])[1:routine.pronargs] <@ wanted.argument_names
    and not exists (
        select
        from pg_proc as other
        where other.pronamespace = routine.pronamespace
            and other.proname = routine.proname
            and other.oid <> routine.oid
            and (other.proargnames::name[])[1:other.pronargs] @> (routine.proargnames::name[])[1:routine.pronargs]
    )
    and not schema_fix.was_applied();
