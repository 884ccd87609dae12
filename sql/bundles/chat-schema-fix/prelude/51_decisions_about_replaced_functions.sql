--! Title: What has to be decided about functions that the fix replaces

-- What a function of the application's, which only makes a room or looks for one, asks besides: what the functions of the fix do not.
-- `source` is in lower case.
create function schema_fix.asked_besides(function_name name, source text) returns setof text
language sql
stable
as $$
    with body as (
        select regexp_replace(schema_fix.without_constants(source), '"', '', 'g') as words
    )
    -- Functions that neither read the call nor make, convert or list a value: how many there are, what the token or a setting says.
    select format('what %s says', call.name)
    from body
    cross join lateral unnest(schema_fix.unusual_functions(body.words)) as call (name)
    where regexp_replace(lower(call.name), '^(public|pg_catalog|extensions)\.', '') <> all (
            '{values,conflict,using,as,into,return,returns,returning,set,if,elsif,while,on,then,with,select,where,loop,execute,raise,uuid,'
                'text,unnest,array_agg,array_append,array_remove,array_cat,array_prepend,array_to_string,string_to_array,trim,nullif,concat,'
                'concat_ws,format,hashtext,hashtextextended,pg_advisory_xact_lock,row_to_json,to_jsonb,replace,regexp_replace,left,right,'
                'substring,substr,split_part,initcap,found,exists,json_build_object,min,max,generate_series,uuid_generate_v1,encode,'
                'gen_random_bytes,coalesce,hash_record,auth.uid}'::text[]
        )
        and not exists (
            select
            from pg_class as relation
            where relation.relname = regexp_replace(lower(call.name), '^.*\.', '')
                and relation.relnamespace = 'public'::regnamespace
        )
        -- What this one does is looked at by itself.
        and not exists (
            select
            from pg_proc as routine
            where routine.proname = regexp_replace(lower(call.name), '^.*\.', '')
                and routine.pronamespace not in ('pg_catalog'::regnamespace, 'auth'::regnamespace)
                and routine.oid not in (select function_id from schema_fix.functions_of_extensions)
        )
    union
    select 'how much time has passed'
    from body
    where words ~ '\m(interval|current_date|current_time|localtime|localtimestamp)\M'
    union
    select 'who is logged in to the database'
    from body
    where words ~ '\m(current_user|session_user|current_role|current_setting|user)\M' and words !~ 'for (each )?user'
    union
    select format('whether something is %s', found.parts[1])
    from body
    cross join lateral regexp_matches(words, '([<>]=?\s*(?:[2-9]|\d{2,}))', 'g') as found (parts)
    union
    select format('whether something is %L', found.parts[1])
    from regexp_matches(source, $with$(?:=|<>|!=|\min\s*\(|\many\s*\()\s*'([^']*)'$with$, 'g') as found (parts)
    join schema_fix.words as known
        on known.word = found.parts[1]
        and (known.means in ('blocked', 'pending', 'admin') or known.means = 'group' and function_name <> 'create_group_room')
    union
    select format('who is in %s', present.table_id)
    from body
    join schema_fix.present_tables as present
        on present.holds = 'members'
        and function_name = 'create_group_room'
        and body.words ~ schema_fix.table_after('from|join', present.table_name)
    union
    select format('what %s says', present.table_id)
    from body
    join schema_fix.present_tables as present
        on present.holds = 'messages'
        and body.words ~ schema_fix.table_after('from|join', present.table_name)
$$;

create view schema_fix.decisions_about_replaced_functions (name, problem, may_be_acknowledged) as
-- Functions under the names of the fix's that look at something which these do not know: the condition would be lost with the body.
select
    replaced.function_id::regprocedure::text,
    format(
        'the function %s, which the fix replaces, looks at %s', replaced.function_id::regprocedure, string_agg(distinct found.looks_at, ', ')
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
        and schema_fix.member_status(substring(given.status from '^''([^'']*)''')) is distinct from 'approved'
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
    format('the function %s, which others use and the fix replaces, %s', function_id::regprocedure, problem),
    true
-- mutant: what others ask of a helper is answered otherwise
from schema_fix.helpers_not_kept()
where not schema_fix.was_applied()
union all
-- Functions under the names of the application's that nobody signed in may call.
select
    routine.oid::regprocedure::text,
    format('the function %s, which the fix replaces, may be called by nobody who is signed in; with the fix everybody calls it', routine.oid::regprocedure),
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
