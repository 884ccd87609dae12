--! Title: What has to be decided about restrictive policies of another table

-- A policy that reads another table of the chat with the rights of whoever asks sees of it only what that table's policies show. A
-- restrictive one among them, a tenant's, bounds what the first policy lets in. It stays where it is; but the policies of the fix ask
-- helpers with their owner's rights, and it would bound nothing else any more.
create view schema_fix.decisions_about_policies_read_through (name, problem, may_be_acknowledged) as
with reading as (
    select policy.policy_id, looked.refobjid as table_id
    from schema_fix.old_policies as policy
    join pg_depend as looked
        on looked.classid = 'pg_policy'::regclass
        and looked.objid = policy.policy_id
        -- mutant: what bounds the table that an old rule reads bounds nothing any more
        and looked.refclassid = 'pg_class'::regclass
    union
    select texts.policy_id, present.table_id
    from schema_fix.texts_of_policies as texts
    join pg_proc as routine
        on routine.oid = texts.function_id
        -- mutant: what bounds the table that a function of an old rule reads bounds nothing any more
        and not routine.prosecdef
    join schema_fix.present_tables as present
        on present.table_name = any (schema_fix.names_in(texts.source))
)
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'policy %I on %s, for %s, reads %s, which the restrictive policy %s narrows: the fix checks the membership alone; create a restrictive policy'
            ' with the same condition on this table',
        policy.name, policy.table_id, schema_fix.say_command(policy.command), bounding.table_id,
        string_agg(distinct quote_ident(bounding.name), ', ')
    ),
    true
from schema_fix.old_policies as policy
join pg_class as relation
    on relation.oid = policy.table_id
    and relation.relrowsecurity
join reading
    on reading.policy_id = policy.policy_id
    and reading.table_id <> policy.table_id
join schema_fix.present_policies as bounding
    on bounding.table_id = reading.table_id
    and not bounding.is_permissive
    and bounding.name !~ '^chat_schema_fix_'
    and bounding.command in ('r', '*')
    and schema_fix.binds_signed_in(bounding.roles)
join pg_class as bounded
    on bounded.oid = bounding.table_id
    and bounded.relrowsecurity
group by policy.policy_id, policy.name, policy.table_id, policy.command, bounding.table_id;
