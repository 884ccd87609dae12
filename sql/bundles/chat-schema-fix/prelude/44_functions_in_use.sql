--! Title: Which functions are used, and by what

-- Functions under the names of those that the fix makes.
create view schema_fix.replaced_functions as
select oid as function_id, proname as name
from pg_proc
where pronamespace = 'public'::regnamespace
    and proname in (select function_name from schema_fix.functions);

-- Where functions are used: by permissive policies of the chat's tables, which the fix replaces or adds to, or by something else.
create view schema_fix.uses_of_functions as
select
    using_it.refobjid as function_id,
    using_it.classid = 'pg_policy'::regclass
        and using_it.objid in (select policy_id from schema_fix.present_policies where is_permissive) as is_ours
from pg_depend as using_it
where using_it.refclassid = 'pg_proc'::regclass
    and using_it.deptype = 'n';

-- What the functions say that people and triggers use, other than by those policies, and what those say that they call. Looked for once,
-- not again for each decision.
create table schema_fix.functions_in_use as
select routine.oid::regprocedure as function_id, called.function_id as called_id, called.source, called.source_with_constants
from schema_fix.functions_called as called
join pg_proc as routine
    on routine.oid = called.caller_id
where routine.oid not in (select function_id from schema_fix.replaced_functions)
    and case
        when routine.prorettype = 'trigger'::regtype
            then exists (select from pg_trigger where tgfoid = routine.oid and not tgisinternal)
        when exists (
            select
            from schema_fix.uses_of_functions as using_it
            where using_it.function_id = routine.oid
                and not using_it.is_ours
        ) then true
        -- The server of the application and the jobs of the project call those that users may not.
        else routine.oid not in (
            select function_id from schema_fix.texts_of_policies where function_id is not null
            union
            select function_id from schema_fix.uses_of_functions
        )
    end;
