--! Title: What has to be decided about triggers, defaults and checks that ask who is logged in to the database

-- Whether a text of SQL, in lower case and without constants, asks for the role that runs it, or for what that role may do.
create function schema_fix.asks_the_role(source text) returns boolean
language sql
immutable
return source ~ '(?<![.\w"])(?<!\mas )(current_user|current_role|user)(?![\w"])|\m(row_security_active|pg_has_role|has_\w+_privilege)\s*\(';

-- What acts on a row that the functions of the fix insert, with the function that it calls, or null, and what it says itself.
create view schema_fix.acts_on_inserts as
select acting.tgrelid as table_id, acting.tgname as name, format('the trigger %I', acting.tgname) as what, acting.tgfoid as function_id,
    substring(pg_get_triggerdef(acting.oid) from ' WHEN \((.*)\) EXECUTE ') as expression
from pg_trigger as acting
where not acting.tgisinternal
    and acting.tgenabled in ('O', 'A')
    and acting.tgtype & 4 = 4
union all
select given.adrelid, attribute.attname, format('the default of %I', attribute.attname), calling.refobjid, pg_get_expr(given.adbin, given.adrelid)
from pg_attrdef as given
join pg_attribute as attribute
    on attribute.attrelid = given.adrelid
    and attribute.attnum = given.adnum
left join pg_depend as calling
    on calling.classid = 'pg_attrdef'::regclass
    and calling.objid = given.oid
    and calling.refclassid = 'pg_proc'::regclass
union all
select rule.conrelid, rule.conname, format('the check %I', rule.conname), calling.refobjid, pg_get_constraintdef(rule.oid)
from pg_constraint as rule
left join pg_depend as calling
    on calling.classid = 'pg_constraint'::regclass
    and calling.objid = rule.oid
    and calling.refclassid = 'pg_proc'::regclass
where rule.contype = 'c';

-- In a security definer function the role is its owner. auth.uid() and auth.role() read the token, and say the same there.
create view schema_fix.decisions_about_who_is_logged_in (name, problem, may_be_acknowledged) as
select
    format('%s.%I', present.table_id, acting.name),
    format(
        '%s on %s asks who is logged in to the database, and in %s, which everybody signed in may call, that is the owner of the fix''s functions:'
            ' what it refuses people, or sets for them, it would not there, or it would refuse everybody. Let it ask auth.uid() or auth.role() instead,'
            ' or withdraw the functions from authenticated afterwards',
        acting.what, present.table_id, inserting.functions
    ),
    true
from schema_fix.inserting
join schema_fix.present_tables as present
    using (table_name)
join schema_fix.acts_on_inserts as acting
    on acting.table_id = present.table_id
-- mutant: a trigger that asks for the role lets through whom it stopped
where (
        schema_fix.asks_the_role(lower(schema_fix.without_constants(acting.expression)))
        or exists (
            select
            from schema_fix.runs_as_caller as running
            join schema_fix.functions_called as called
                on called.caller_id = running.called_id
                and called.function_id = running.called_id
            where running.function_id = acting.function_id
                and schema_fix.asks_the_role(called.source)
        )
    )
    and not schema_fix.was_applied()
group by present.table_id, acting.name, acting.what, inserting.functions;
