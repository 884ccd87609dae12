--! Title: What has to be decided about queries that group by a primary key

-- A query that groups by a primary key may show every column of the row, and Postgres keeps the key for it. The fix makes another key of messages and
-- memberships, and that of memberships again where an id changes its type.
create view schema_fix.decisions_about_grouping (name, problem, may_be_acknowledged) as
select distinct
    coalesce(grouping.view_id::regclass::text, said.object),
    format(
        '%s groups by the primary key of %s (%s) and shows other columns of it, and the fix replaces that key: name all columns that it shows in its group by; or'
            ' drop it, run the fix, and create it again',
        coalesce('the view ' || grouping.view_id::regclass, said.object), present.table_id, said.columns
    ),
    false
from schema_fix.present_tables as present
join pg_constraint as key
    on key.conrelid = present.table_id
    and key.contype = 'p'
join pg_depend as reading
    on reading.refclassid = 'pg_constraint'::regclass
    and reading.refobjid = key.oid
    and reading.deptype = 'n'
left join lateral (
    select ev_class as view_id from pg_rewrite where reading.classid = 'pg_rewrite'::regclass and oid = reading.objid and rulename = '_RETURN'
) as grouping
    on true
cross join lateral (
    select
        pg_describe_object(reading.classid, reading.objid, reading.objsubid) as object,
        string_agg(quote_ident(attribute.attname), ', ' order by listed.place) as columns,
        array_agg(attribute.attname order by listed.place) as names
    from unnest(key.conkey) with ordinality as listed (attnum, place)
    join pg_attribute as attribute
        on attribute.attrelid = key.conrelid
        and attribute.attnum = listed.attnum
) as said
cross join lateral (
    select array(
        select (schema_fix.columns_for(present.table_id, wanted.name))[1]
        from unnest(case present.holds when 'members' then '{room_id,user_id}'::name[] else '{id}' end) with ordinality as wanted (name, place)
        order by wanted.place
    ) as names
) as new_key
where present.generation = 'current'
    and reading.classid <> 'pg_constraint'::regclass
    and (
        said.names <> new_key.names
        or present.holds = 'members' and exists (
            select
            from schema_fix.columns_that_change_type as changing
            where changing.table_id = present.table_id
                and changing.column_name = any (said.names)
        )
    )
    and not schema_fix.was_applied();
