--! Title: What hands memberships on, and asks for their status or not

-- The relations in a text that Postgres has printed, each with what its columns are qualified by: its name, or its alias.
create function schema_fix.relations_named(source text) returns table (relation_id oid, qualifier text)
language sql
stable
as $$
    select named.relation_id, lower(coalesce(said.parts[3], said.parts[2]))
    from regexp_matches(
        source, '(?<![\w"])((?:\w+|"[^"]+")\.(?:"?)(\w+)(?:"?))(?![\w"(.])(?: (?!(?:cross|full|group|inner|join|left|limit|on|order|right|using|where)\M)"?(\w+))?',
        'gi'
    ) as said (parts)
    cross join lateral (select to_regclass(said.parts[1])) as named (relation_id)
    where named.relation_id is not null
$$;

-- Whether a text that Postgres has printed takes every row of memberships for a member. `handed` are the relations that hand these on;
-- `who_asks` whether it says something else to whoever asks: to show the status keeps nobody out then.
create function schema_fix.takes_whoever_asks(source text, who_asks boolean, handed oid[]) returns boolean
language sql
stable
as $$
    with relation as materialized (
        select qualifier, relation_id = any (handed) as is_membership from schema_fix.relations_named(source)
    ),
    asked as materialized (
        select lower(said.parts[1]) as qualifier
        from regexp_matches(
            case
                when who_asks then regexp_replace(
                    source,
                    format(
                        '(\mselect|\mdistinct|,)\s+\(?(?:"?\w+"?\.)?"?%s"?(?:\)::[\w ".]+?)?(?:\s+as\s+"?\w+"?)?(?=,|\s+from\M)',
                        schema_fix.status_columns()
                    ),
                    '\1', 'gi'
                )
                else source
            end,
            format('(?<![\w".])(?:"?(\w+)"?\.)?"?%s"?(?!\w)', replace(schema_fix.status_columns(), '(', '(?:')), 'gi'
        ) as said (parts)
    ),
    -- Whose membership is compared with who asks. A query of one relation qualifies nothing.
    compared as materialized (
        select lower(coalesce(said.parts[1], said.parts[2])) as qualifier
        from regexp_matches(
            source,
            format(
                '(?:"?(\w+)"?\.)?"?%1$s"? = (?:\( *select +)?auth\.uid\(\)|auth\.uid\(\)(?: as uid\))? = (?:"?(\w+)"?\.)?"?%1$s"?(?!\w)',
                (
                    select '(?:' || string_agg(lower(name), '|') || ')'
                    from unnest(schema_fix.columns_for(schema_fix.table_called('chat_room_members'), 'user_id')) as person (name)
                )
            ),
            'gi'
        ) as said (parts)
    )
    select case
        when who_asks and exists (select from compared join relation using (qualifier) where relation.is_membership)
            then exists (
                select
                from compared
                join relation using (qualifier)
                where relation.is_membership
                    and compared.qualifier not in (select qualifier from asked where qualifier is not null)
            )
            -- A query within the query hands its status on.
            and not exists (select from asked where qualifier not in (select qualifier from relation))
        else not exists (
            select
            from asked
            where case
                when asked.qualifier is null then source ~* '^\s*(select|with)\M' and (select count(*) from relation) = 1
                else asked.qualifier not in (select qualifier from relation where not is_membership)
            end
        )
    end
$$;

-- The table of memberships, and the views that hand its rows on, also those of people who wait.
create view schema_fix.memberships_handed_on as
with recursive handed (relation_id) as (
    select schema_fix.table_called('chat_room_members')::oid
    union
    select reader.relation_id
    from handed
    cross join lateral schema_fix.readers_of(array[handed.relation_id]) as reader
    where reader.kind = 'view'
        and reader.relation_id <> handed.relation_id
        and schema_fix.takes_whoever_asks(pg_get_viewdef(reader.relation_id), true, array[handed.relation_id])
)
select relation_id from handed;

-- The policies, rules and views that take every row of these for a member. A view that shows memberships, and nothing else, says of nobody
-- that they are one: what reads it may.
create view schema_fix.takers_of_memberships as
with every as materialized (
    select array_agg(relation_id) as handed from schema_fix.memberships_handed_on
),
reader as materialized (
    select distinct
        reader.kind, reader.id, reader.relation_id, reader.name, reader.what, every.handed,
        case reader.kind when 'view' then pg_get_viewdef(reader.relation_id) else reader.source end as source
    from every
    cross join lateral schema_fix.readers_of(every.handed) as reader
    where reader.kind in ('view', 'rule', 'policy')
        and not (reader.kind = 'policy' and reader.relation_id in (select table_id from schema_fix.present_tables))
)
select reader.kind, reader.name, reader.what
from reader
cross join lateral (
    select concat_ws(' ', reader.source, string_agg(called.source_with_constants, ' ')) as said,
        coalesce(bool_or(
            schema_fix.asks_the_status(called.source_with_constants, reader.handed)
            or routine.proname in (select function_name from schema_fix.functions)
        ), false) as a_function_asks
    from pg_depend as looked
    join schema_fix.functions_called as called
        on called.caller_id = looked.refobjid
    join pg_proc as routine
        on routine.oid = called.function_id
    where looked.classid = case reader.kind when 'policy' then 'pg_policy'::regclass else 'pg_rewrite'::regclass end
        and looked.objid = reader.id
        and looked.refclassid = 'pg_proc'::regclass
) as called
cross join lateral (
    select reader.kind = 'policy' or called.said ~ '\mauth\.(uid|jwt|role|email)\M|\mrequest\.jwt\M' as who_asks
) as asking
where not called.a_function_asks
    and schema_fix.takes_whoever_asks(reader.source, asking.who_asks, reader.handed)
    and case
        when reader.kind <> 'view' then true
        -- The policies of what it reads say who reads it.
        when asking.who_asks and not schema_fix.reads_for_its_owner(reader.relation_id) then false
        else
            reader.source ~* '\m(count|(array|string|jsonb?|jsonb?_object)_agg)\('
            -- mutant: a view shows what is in a room to whoever asks to join
            or (select count(*) from schema_fix.relations_named(reader.source)) > 1
    end;
