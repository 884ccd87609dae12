--! Title: What has to be decided about memberships that lose their person

-- A membership's key that sets its person to null when the account goes, of a table where that is possible today, or from which the table that
-- memberships move to gets its key.
create view schema_fix.decisions_about_people_who_go (name, problem, may_be_acknowledged) as
select
    format('%s.%I', present.table_id, key.conname),
    format(
        'the foreign key %I leaves a membership of %s without a person when its row of %s is deleted, and with the fix every membership has one: nobody'
            ' who is in a room could be deleted, nor delete their account: let the key delete the membership, on delete cascade; or acknowledge it, if'
            ' nobody is ever deleted',
        key.conname, present.table_id, key.confrelid::regclass
    ),
    true
from schema_fix.present_tables as present
join pg_attribute as person
    on person.attrelid = present.table_id
    and person.attname = (schema_fix.columns_for(present.table_id, 'user_id'))[1]
join pg_constraint as key
    on key.conrelid = present.table_id
    and key.contype = 'f'
    -- Since Postgres 15 a key may set some of its columns.
    and person.attnum = any (coalesce(
        (select array_agg(place::smallint) from jsonb_array_elements_text(nullif(to_jsonb(key) -> 'confdelsetcols', 'null')) as place),
        key.conkey
    ))
where present.holds = 'members'
    and (present.generation = 'current' or present.table_name in (select source from schema_fix.keys_of_people))
    -- mutant: nobody who is in a room can be deleted
    and (key.confdeltype = 'n' or key.confdeltype = 'd' and not person.atthasdef)
    and not schema_fix.is_required(present.table_id, person.attname)
    and not schema_fix.was_applied();

-- What says whom a membership without a person is for: an address, a telephone number, a guest; columns that the fix does not know.
create function schema_fix.marks_of_the_invited(target regclass) returns setof name
language plpgsql
stable
as $$
declare
    nobody constant text := (
        select 'num_nonnulls(' || string_agg('invited.' || quote_ident(name), ', ') || ') = 0'
        from unnest(schema_fix.columns_for(target, 'user_id')) as name
    );
    mark name;
    found_one boolean;
begin
    if schema_fix.is_required(target, (schema_fix.columns_for(target, 'user_id'))[1]) then
        return;
    end if;
    for mark in
        select attribute.attname
        from pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attnum > 0
            and not attribute.attisdropped
            and lower(attribute.attname) ~ 'mail|phone|mobile|invitee|invite_?(code|token)|guest|contact|(^|_)bot'
            and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = target)
        order by attribute.attnum
    loop
        execute format(
            'select exists (select from %s as invited where %s and btrim(invited.%I::text) not in ('''', ''false''))', target, nobody, mark
        ) into found_one;
        if found_one then
            return next mark;
        end if;
    end loop;
end
$$;

create view schema_fix.decisions_about_the_invited (name, problem, may_be_acknowledged) as
select
    format('%s.user_id', meant.table_id),
    format(
        '%s: they are meant to have none until there is an account, and with the fix every membership has one: those that are there go to quarantine, and'
            ' new ones are refused: keep invitations and guests in a table of their own, and insert the membership when there is an account; or acknowledge'
            ' it, if nobody is invited so any more',
        string_agg(meant.said, ', ' order by meant.said)
    ),
    true
from (
    -- mutant: invitations are lost, and nobody can invite
    select present.table_id, format('memberships without a person hold %s.%I', present.table_id, mark.name) as said
    from schema_fix.present_tables as present
    cross join lateral schema_fix.marks_of_the_invited(present.table_id) as mark (name)
    where present.holds = 'members'
        and present.generation = 'current'
    union all
    select present.table_id, format('%s lets memberships of %s be without a person', rule.said, present.table_id)
    from schema_fix.present_tables as present
    cross join lateral unnest((schema_fix.columns_for(present.table_id, 'user_id'))[1:1]) as person (name)
    join (
        select conrelid as table_id, format('the check %I', conname) as said, pg_get_expr(conbin, conrelid) as condition
        from pg_constraint
        where contype = 'c' and cardinality(conkey) > 1
        union all
        select indrelid, format('the unique index %s', indexrelid::regclass), pg_get_expr(indpred, indrelid)
        from pg_index
        where indisunique
    ) as rule
        on rule.table_id = present.table_id
    where present.holds = 'members'
        and present.generation = 'current'
        and not schema_fix.is_required(present.table_id, person.name)
        and (
            rule.condition ~ format('\m%s"? IS NULL', person.name)
            or rule.condition ~ format('\m%s"? IS NOT NULL\)+ OR | OR \(+"?%1$s"? IS NOT NULL', person.name)
            or rule.condition ~ format('(num_nonnulls|num_nulls|COALESCE)\([^()]*\m%s\M', person.name)
        )
) as meant
where not schema_fix.was_applied()
group by meant.table_id;
