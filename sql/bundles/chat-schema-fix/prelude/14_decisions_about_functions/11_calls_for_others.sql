--! Title: What has to be decided about calls that make a room for somebody else

-- What a text of SQL, in lower case, gives a function for the person that it makes the room for: by the argument's name, else first.
create function schema_fix.makers_in(source text, function_name name) returns setof text
language sql
stable
as $$
    select coalesce(
        (
            select btrim(substring(given.value from '(?:=>|:=)(.*)$'))
            from string_to_table(list.given, ',') as given (value)
            where btrim(given.value) ~ '^"?(p_creator|creator|me)"?\s*(=>|:=)'
        ),
        btrim(split_part(list.given, ',', 1))
    )
    from regexp_matches(source, format('\m%s"?\s*\(([^;]*)', function_name), 'g') as call (parts)
    -- Brackets are emptied, so that a comma within them parts nothing.
    cross join lateral schema_fix.outside_brackets(call.parts[1], 0) as list (given)
$$;

-- Functions and triggers that call create_group_room or ensure_direct_conversation for another than whoever is signed in, which the one of the
-- project let them. The service role may go on, and so may what runs without a token: jobs, and triggers of the accounts at sign-up.
create view schema_fix.decisions_about_calls_for_others (name, problem, may_be_acknowledged) as
select
    used.function_id::text,
    format(
        'the function %s calls %s for %s, who may be another than is signed in, and would be refused: let it make the room and its memberships itself',
        used.function_id, string_agg(distinct replaced.function_id::regprocedure::text, ', '), string_agg(distinct made.maker, ', ')
    ),
    true
from schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.function_id
join schema_fix.replaced_functions as replaced
    on replaced.name in ('create_group_room', 'ensure_direct_conversation')
cross join lateral schema_fix.without_comments(used.source_with_constants) as said (source)
cross join lateral schema_fix.makers_in(said.source, replaced.name) as made (maker)
-- mutant: what made rooms for others is refused from then on
where case
        when routine.prorettype = 'trigger'::regtype then exists (
            select
            from pg_trigger as acting
            join pg_class as relation
                on relation.oid = acting.tgrelid
            where acting.tgfoid = routine.oid
                and relation.relnamespace <> 'auth'::regnamespace
                and schema_fix.is_the_caller(made.maker, said.source, null, acting.tgrelid::regclass) is not true
        )
        else has_function_privilege('authenticated', routine.oid, 'execute')
            and routine.oid not in (select function_id from schema_fix.jobs)
            and schema_fix.is_the_caller(made.maker, said.source, null, null) is not true
    end
    -- It refused them itself.
    and not exists (
        select
        from schema_fix.functions_called as itself
        cross join lateral schema_fix.without_comments(itself.source_with_constants) as told (source)
        cross join lateral regexp_matches(
            told.source, '([\w.$]+(?:\(\))?)\s*(?:<>|!=|\mis\s+distinct\s+from\M)\s*([\w.$]+(?:\(\))?)', 'g'
        ) as compared (parts)
        cross join lateral (values (compared.parts[1], compared.parts[2]), (compared.parts[2], compared.parts[1])) as side (person, caller)
        where itself.caller_id = replaced.function_id
            and itself.function_id = replaced.function_id
            and side.person ~ '^(\w+\.)?(p_creator|creator|me)$|^\$1$'
            and schema_fix.is_the_caller(side.caller, told.source, null, null)
    )
    and not schema_fix.was_applied()
group by used.function_id;
