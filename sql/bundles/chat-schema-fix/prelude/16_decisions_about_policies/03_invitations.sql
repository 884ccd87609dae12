--! Title: What has to be decided about invitations that people accept themselves

-- Nobody lets themselves in, as a rule: whoever could ask to join and then approve themselves, could by mistake. Who could do so only once
-- somebody else had entered them was invited.
create view schema_fix.decisions_about_invitations (name, problem, may_be_acknowledged) as
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'policy %I on %s lets people who were invited accept; with the fix only an admin lets somebody in, and nobody could accept any more: let a'
            ' security definer function accept',
        policy.name, policy.table_id
    ),
    true
from schema_fix.present_policies as policy
join pg_class as relation
    on relation.oid = policy.table_id
    and relation.relrowsecurity
cross join lateral unnest(schema_fix.columns_for(policy.table_id, 'user_id')) as person (name)
cross join lateral coalesce(policy.check_expression, policy.using_expression) as becomes (expression)
cross join lateral (
    select concat_ws(' ', policy.using_expression, policy.check_expression) ~ '\minvited_by\M' as yes
) as names_who_invited
-- mutant: who was invited cannot accept any more
where policy.holds = 'members'
    and policy.is_permissive
    and policy.command in ('w', '*')
    and not policy.has_our_name
    and schema_fix.binds_signed_in(policy.roles)
    and schema_fix.asks_who_calls(policy.using_expression, person.name)
    -- From a row that waits, by a word or by another column, to one that does not.
    and (
        exists (
            select
            from unnest(schema_fix.columns_for(policy.table_id, 'status')) as status (name)
            where (
                    names_who_invited.yes
                    or exists (
                        select
                        from unnest(schema_fix.constants_in(policy.using_expression)) as word (constant)
                        where schema_fix.meaning_of('status', word.constant) = 'pending'
                    )
                )
                and (
                    becomes.expression !~ format('\m%s\M', status.name)
                    or exists (
                        select
                        from unnest(schema_fix.constants_in(becomes.expression)) as word (constant)
                        where schema_fix.meaning_of('status', word.constant) = 'approved'
                    )
                )
        )
        or exists (
            select
            from (values ('approved'), ('pending')) as standing (means)
            cross join lateral unnest(schema_fix.flags_for(policy.table_id, 'status', standing.means)) as flag (name)
            where policy.using_expression ~ format('\m%s\M', flag.name)
                -- Who has left was in, and waits for nothing.
                and flag.name !~* '(left|deleted|rejected|active)'
        )
    )
    and (
        names_who_invited.yes
        or not exists (
            select
            from schema_fix.present_policies as entering
            where entering.table_id = policy.table_id
                and entering.is_permissive
                and entering.command in ('a', '*')
                and schema_fix.binds_signed_in(entering.roles)
                and (
                    coalesce(entering.check_expression, entering.using_expression) = 'true'
                    or schema_fix.asks_who_calls(coalesce(entering.check_expression, entering.using_expression), person.name)
                )
        )
    )
    and not schema_fix.was_applied()
union
-- Functions that approve whoever calls them, with that person's rights.
select
    writing.function_id::text,
    format(
        'the function %s approves the membership of whoever calls it, with their rights, and with the fix only an admin lets somebody in: make it'
            ' security definer with a search_path of its own',
        writing.function_id
    ),
    true
from schema_fix.writes_as_caller as writing
cross join lateral unnest(schema_fix.columns_for(writing.table_id, 'user_id')) as person (name)
cross join lateral regexp_match(writing.rest, format('\m%1$s"? *= *((?:\w+ ?\. ?)?\w+)', lower(person.name))) as compared (parts)
join schema_fix.words_given as given
    on given.function_id = writing.function_id
    and given.table_id = writing.table_id
    and given.stands_for = 'status'
    and schema_fix.meaning_of('status', substring(given.value from '^''([^'']*)''')) = 'approved'
where writing.table_name = 'chat_room_members'
    and writing.verb = 'update'
    and writing.fired_on is null
    and writing.rest ~ format('\mset\M.*\m%s"? ?=.*\mwhere\M', lower(given.column_name))
    and schema_fix.is_the_caller(compared.parts[1], writing.source, writing.called_id, writing.fired_on)
    and compared.parts[1] not in (
        select lower(argument.name)
        from pg_proc
        cross join lateral unnest(proargnames) as argument (name)
        where oid = writing.called_id
    );
