--! Title: Old policies tried in the small chat

-- Every old policy is asked in every world. Its answers are compared with those of the fix's rules: a policy that lets in fewer, or
-- others, or that is not understood, becomes a decision.

-- What each policy answers there. A world to which a policy gives no answer is one in which it lets nobody in.
create table schema_fix.answers (policy_id oid not null, verb text not null, world integer not null);

-- What of a policy is not understood.
create table schema_fix.not_understood (policy_id oid not null, verb text not null, what text not null);

-- The old policies that count for whom the fix lets in, for each verb, with the expressions that are asked. Filled when they are tried.
create table schema_fix.rules_to_try (
    policy_id oid not null,
    name name not null,
    table_id regclass not null,
    table_name name not null,
    holds text not null,
    verb text not null,
    expression text
);
create function schema_fix.find_rules_to_try() returns void
language sql
as $$
    insert into schema_fix.rules_to_try
    select
        policy.policy_id,
        policy.name,
        policy.table_id,
        policy.table_name,
        policy.holds,
        verb.name as verb,
        case verb.name
            when 'insert' then coalesce(policy.check_expression, policy.using_expression)
            when 'update' then concat_ws(' and ', '(' || policy.using_expression || ')', '(' || policy.check_expression || ')')
            else policy.using_expression
        end as expression
    from schema_fix.present_policies as policy
    join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as verb (name, command)
        on policy.command in (verb.command::"char", '*')
    join pg_class as relation
        on relation.oid = policy.table_id
        and relation.relrowsecurity
    -- On the tables left behind the fix adds who reads; nobody writes there, and nobody changes a room. What they kept back was decided by the
    -- first run.
    where (
            policy.generation = 'current'
            or policy.name !~ '^chat_schema_fix_' and not schema_fix.was_applied() and (
                verb.name = 'select'
                -- mutant: who renames or deletes a room of the older table does so no more, without a word
                or policy.table_name = 'rooms'
                and verb.name in ('update', 'delete')
                and policy.table_id not in (select shut.table_id from schema_fix.tables_not_read as shut)
            )
        )
        and policy.is_permissive
        and schema_fix.binds_signed_in(policy.roles);
$$;

-- Asks every old policy in every world, once.
create function schema_fix.try_old_rules() returns void
language plpgsql
as $$
declare
    rule record;
begin
    if exists (select from schema_fix.worlds) then
        return;
    end if;
    perform schema_fix.find_rules_to_try();
    perform schema_fix.make_worlds();
    for rule in select * from schema_fix.rules_to_try
    loop
        begin
            execute format(
                'insert into schema_fix.answers select %s, %L, ("the world".it).world
                from (select it from schema_fix.worlds as it) as "the world" cross join lateral (select %s) as %I
                where ("the world".it).holds = %L and (%s)',
                rule.policy_id,
                rule.verb,
                (
                    select string_agg(
                        format(
                            '%s as %I',
                            case fact.name
                                when 'room_id' then 'case when ("the world".it).has_room then ''here'' end'
                                when 'id' then '''here'''
                                when 'type' then '("the world".it).type'
                                when 'status' then '("the world".it).row_status'
                                when 'role' then '("the world".it).row_role'
                                when 'sender' then 'case when ("the world".it).is_own then ''me''
                                    when ("the world".it).sender_is is distinct from ''nobody'' then ''other'' end'
                                -- Who is in no room has invited nobody.
                                when 'invited_by' then 'case when not (("the world".it).is_own) and ("the world".it).standing = ''here'' then ''me'' end'
                                else 'case when ("the world".it).is_own then ''me'' else ''other'' end'
                            end,
                            present.name
                        ),
                        ', '
                    )
                    from unnest(schema_fix.small_facts(rule.holds)) as fact (name)
                    cross join lateral unnest(schema_fix.columns_for(rule.table_id, fact.name)) as present (name)
                ),
                rule.table_name,
                rule.holds,
                schema_fix.in_small(schema_fix.tokens_of(rule.expression), false, '', '{}', 0)
            );
        exception
            when feature_not_supported then
                insert into schema_fix.not_understood values (rule.policy_id, rule.verb, sqlerrm);
            when others then
                insert into schema_fix.not_understood
                values (rule.policy_id, rule.verb, regexp_replace(sqlerrm, ' does not exist$', ''));
        end;
    end loop;
end
$$;
