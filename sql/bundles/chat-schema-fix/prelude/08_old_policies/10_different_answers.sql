--! Title: Where old policies and new ones answer otherwise

-- Whether anybody is an admin who did not create the room.
create function schema_fix.has_other_admins() returns boolean
language plpgsql
stable
as $$
begin
    return exists (
        select
        from schema_fix.legacy_members as member
        where member.status = 'approved'
            and member.role = 'admin'
            and not exists (
                select
                from schema_fix.legacy_rooms as room
                where room.id = member.room_id
                    and room.created_by = member.user_id
            )
    );
end
$$;

-- Tables of memberships of which everybody saw their own rows alone.
create view schema_fix.seen_by_themselves as
select asked.table_id
from schema_fix.worlds_of_rules as asked
left join (
    schema_fix.rules_to_try as rule
    join schema_fix.answers as answer
        using (policy_id, verb)
)
    on rule.table_id = asked.table_id
    and rule.verb = asked.verb
    and answer.world = asked.world
where asked.holds = 'members'
    and asked.verb = 'select'
    and not exists (
        select
        from schema_fix.not_understood as unknown
        join schema_fix.rules_to_try as other
            using (policy_id, verb)
        where other.table_id = asked.table_id
            and unknown.verb = 'select'
    )
group by asked.table_id
having bool_or(answer.world is not null)
    and not bool_or(answer.world is not null and asked.is_compared);

-- Where the old policies answer otherwise than the rules of the fix. `outcome` is gained or lost, for whoever is in that world.
create view schema_fix.different_answers as
with texts as materialized (
    select rule.table_id, rule.verb, string_agg(coalesce(said.source, rule.expression), ' ') as source
    from schema_fix.rules_to_try as rule
    left join schema_fix.texts_of_policies as said
        using (policy_id)
    group by rule.table_id, rule.verb
),
answered as (
    select rule.policy_id, asked.*, answer.world is not null as is_answered
    from schema_fix.worlds_of_rules as asked
    join schema_fix.rules_to_try as rule
        using (table_id, verb)
    left join schema_fix.answers as answer
        on answer.policy_id = rule.policy_id
        and answer.verb = rule.verb
        and answer.world = asked.world
    where not exists (
        select from schema_fix.not_understood as unknown where unknown.policy_id = rule.policy_id and unknown.verb = rule.verb
    )
),
-- What a rule gives to whoever is in no room, unless it keeps it back in rooms of another type.
open_to_strangers as materialized (
    select policy_id, verb, is_own, type, row_status, row_role
    from answered as open
    where is_answered
        and standing = 'nowhere'
        and not is_creator
        and has_room
        and not exists (
            select
            from answered as shut
            where shut.policy_id = open.policy_id
                and shut.verb = open.verb
                and not shut.is_answered
                and shut.is_compared
                and shut.standing = 'nowhere'
                and not shut.is_creator
                and shut.has_room
                and shut.is_own = open.is_own
                and shut.type <> open.type
                and (shut.row_status, shut.row_role) is not distinct from (open.row_status, open.row_role)
        )
),
-- All policies for a verb add up.
together as (
    select
        asked.*,
        exists (
            select
            from answered
            where answered.table_id = asked.table_id
                and answered.verb = asked.verb
                and answered.world = asked.world
                and answered.is_answered
        ) as is_answered
    from schema_fix.worlds_of_rules as asked
    where not exists (
        select
        from schema_fix.not_understood as unknown
        join schema_fix.rules_to_try as rule
            using (policy_id, verb)
        where rule.table_id = asked.table_id
            and rule.verb = asked.verb
    )
)
select policy_id, verb, 'lost' as outcome, world
from answered as lost
where is_answered
    and is_compared
    -- mutant: what an old rule gave and ours do not is lost without a word
    and not is_let_in
    -- What a stranger could is shut, unless the rule lets strangers into some rooms and not into others: that was meant.
    and not exists (
        select
        from open_to_strangers as open
        where open.policy_id = lost.policy_id
            and open.verb = lost.verb
            and open.is_own = (lost.is_own and lost.table_name = 'chat_messages' and lost.verb = 'insert')
            and (open.type, open.row_status, open.row_role) is not distinct from (lost.type, lost.row_status, lost.row_role)
    )
    -- A rule that does not ask for the status lets in who waits and who is blocked alike, and did not mean them.
    and not (
        coalesce(status <> 'approved', false)
        and not exists (
            select
            from answered as shut
            where shut.policy_id = lost.policy_id
                and shut.verb = lost.verb
                and not shut.is_answered
                and shut.standing = 'here'
                and shut.status <> 'approved'
                and shut.is_own = lost.is_own
                and (shut.type, shut.row_status, shut.row_role, shut.invited_by)
                    is not distinct from (lost.type, lost.row_status, lost.row_role, lost.invited_by)
        )
    )
union all
select rule.policy_id, verb, 'gained', world
from together as gained
join schema_fix.rules_to_try as rule
    using (table_id, verb)
where not is_answered
    and is_compared
    -- mutant: what an old rule kept back is given without a word
    and is_let_in
    -- Rules that ask tables of members, and none of those in which such a membership is, know nothing of such rooms.
    and not exists (
        select
        from texts
        where texts.table_id = gained.table_id
            and texts.verb = gained.verb
            and gained.held_in <> '{}'
            and exists (
                select
                from schema_fix.present_tables as asked
                where asked.holds = 'members'
                    and texts.source ~ format('\m%s\M', asked.table_name)
            )
            and not exists (
                select from unnest(gained.held_in) as held (name) where texts.source ~ format('\m%s\M', held.name)
            )
    )
    -- Rules that shut a table to everybody.
    and exists (
        select
        from schema_fix.rules_to_try as other
        where other.table_id = gained.table_id
            and other.verb = gained.verb
            and other.expression not in ('false', '(false)', '(false) and (false)')
    )
    and not (
        gained.holds = 'members'
        and case gained.verb
            -- Members who each saw only themselves see one another.
            when 'select' then gained.table_id in (select table_id from schema_fix.seen_by_themselves)
            -- Admins decide about others where nobody could by this rule, or only the creator of a room, and nobody else is an admin.
            -- mutant: admins whom an old rule did not let decide do from now on
            else not exists (
                select
                from together as other
                where other.table_id = gained.table_id
                    and other.verb = gained.verb
                    and other.is_answered
                    and not other.is_own
                    and (not other.is_creator or schema_fix.has_other_admins())
            )
        end
    );
