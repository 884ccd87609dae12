--! Title: Helpers compared with those that replace them

-- The helpers that others use too (policies of their tables, restrictive ones, views, functions), and that answer otherwise in the small
-- chat than those which replace them. One that did not tell strangers, or those who wait, from members did not mean to let them in: that
-- it no longer does is no difference.
create function schema_fix.helpers_not_kept() returns table (function_id oid, problem text)
language plpgsql
as $$
declare
    helper record;
    differs text;
begin
    -- The small chat is not made where nobody would be asked in it.
    if not exists (select from schema_fix.replaced_functions where name ~ '^user_is_') then
        return;
    end if;
    perform schema_fix.try_old_rules();
    for helper in
        select routine.oid, routine.proname
        from schema_fix.replaced_functions as replaced
        join pg_proc as routine
            on routine.oid = replaced.function_id
        where replaced.name ~ '^user_is_'
            and routine.prokind = 'f'
            and routine.prorettype = 'boolean'::regtype
            and routine.pronargs - routine.pronargdefaults <= 1
            and routine.pronargs >= 1
            and (
                exists (
                    select from schema_fix.uses_of_functions as using_it where using_it.function_id = routine.oid and not using_it.is_ours
                )
                or exists (select from schema_fix.functions_in_use as used where used.called_id = routine.oid)
            )
    loop
        begin
            execute format(
                $with$
                    with answered as (
                        select
                            asked.*,
                            coalesce(%s, false) as was,
                            coalesce(
                                asked.status = 'approved'
                                and case schema_fix.meaning_of('type', asked.type)
                                    when 'dm' then %2$L in ('user_is_room_member', 'user_is_in_room')
                                    else %2$L <> 'user_is_room_member'
                                end
                                and (%2$L <> 'user_is_group_admin' or asked.role = 'admin'),
                                false
                            ) as is_now
                        from schema_fix.worlds as asked
                        cross join lateral (select asked as it) as "the world"
                        where asked.holds = 'rooms'
                            and not (asked.is_creator and asked.standing = 'nowhere')
                    )
                    select
                        case when differing.was then 'yes' else 'no' end || ' to ' || schema_fix.describe_world(differing.world)
                            || case when differing.was then ', and with the fix it says no' else ', and with the fix it says yes' end
                    from answered as differing
                    where differing.was <> differing.is_now
                        -- Where each table holds the memberships of its type only, what it says of the other type says nothing.
                        and (
                            %2$L not in ('user_is_room_member', 'user_is_group_member')
                            or (schema_fix.meaning_of('type', differing.type) is not distinct from 'dm') = (%2$L = 'user_is_room_member')
                            or exists (
                                select
                                from schema_fix.tables_left as moved
                                where moved.table_name = case %2$L when 'user_is_room_member' then 'room_members' else 'chat_room_members' end
                            )
                        )
                        and not exists (select from answered as open where open.was and open.standing = 'nowhere')
                        and not (
                            coalesce(differing.status <> 'approved', false)
                            and not exists (
                                select
                                from answered as shut
                                where shut.standing = 'here'
                                    and shut.status <> 'approved'
                                    and not shut.was
                                    and (shut.type, shut.invited_by) is not distinct from (differing.type, differing.invited_by)
                            )
                        )
                    order by differing.world
                    limit 1
                $with$,
                schema_fix.in_small(schema_fix.tokens_of(format('public.%I(''here'')', helper.proname)), false, '', '{}', 0),
                helper.proname
            ) into differs;
            differs := 'says ' || differs;
        exception
            when others then
                differs := 'asks what the fix does not understand: ' || sqlerrm;
        end;
        if differs is not null then
            return query select helper.oid, differs;
        end if;
    end loop;
end
$$;
