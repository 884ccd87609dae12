--! Title: What has to be decided about times that are written as texts, or without a zone

-- How many values of a text are written: which of them are no time for certain, and which are one without a zone.
create function schema_fix.times_written(target regclass, column_name name, out written bigint, out unread bigint, out without_zone bigint)
language plpgsql
stable
as $$
begin
    execute format(
        'select
            count(*),
            count(*) filter (where schema_fix.time_of(said) is null),
            count(*) filter (where said ~ schema_fix.written_times() and said !~ ''(Z|UTC|GMT|infinity|:.*[+-][\d:]+)( BC)?$'')
        from (select %I::text as said from %s) as said
        where btrim(said) <> ''''',
        column_name, target
    ) into written, unread, without_zone;
end
$$;

-- The columns of times that are texts. Of those that are numbers the decisions about types ask.
create view schema_fix.texts_of_times as
select present.table_id, present.generation, attribute.attname as name, told.*
from schema_fix.present_tables as present
cross join (values ('created_at'::name), ('updated_at')) as fact (column_name)
cross join lateral unnest(schema_fix.columns_for(present.table_id, fact.column_name)) as found (name)
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attname = found.name
join pg_type as type
    on type.oid = attribute.atttypid
    and type.typcategory = 'S'
cross join lateral schema_fix.times_written(present.table_id, attribute.attname) as told
where not schema_fix.was_applied();

-- Whoever writes one line could write one that is no time: such rows are kept aside, and stay without it. Where they are many, the application
-- wrote them.
create view schema_fix.decisions_about_times (name, problem, may_be_acknowledged) as
select
    format('%s.%I', table_id, name),
    format(
        '%1$s of %2$s times in %3$s.%4$I are written so that they cannot be read for certain (the day first, say), and would be lost, with the order'
            ' of these rows: change the type yourself first, such as alter column %4$I type timestamptz using to_timestamp(%4$I, ''DD/MM/YYYY'
            ' HH24:MI:SS'')',
        unread, written, table_id, name
    ),
    true
from schema_fix.texts_of_times
where unread > 1
    and unread > written * 0.1;

-- They are read as UTC. Where the database, or a role that writes, has another zone, `now()` wrote the time of that zone.
-- mutant: times of another zone are read as UTC
create view schema_fix.decisions_about_zones (name, problem, may_be_acknowledged) as
select
    format('%s.%I', present.table_id, attribute.attname),
    format(
        '%I of %s says times without a zone, and %s: the fix reads them as UTC; change the type yourself first, using %1$I at time zone %L',
        attribute.attname, present.table_id, zone.of_what, zone.name
    ),
    true
from schema_fix.present_tables as present
cross join (values ('created_at'::name), ('updated_at')) as fact (column_name)
cross join lateral unnest(schema_fix.columns_for(present.table_id, fact.column_name)) as found (name)
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attname = found.name
    and (
        attribute.atttypid = 'timestamp'::regtype
        or exists (
            select
            from schema_fix.texts_of_times as texts
            where texts.table_id = present.table_id
                and texts.name = attribute.attname
                and texts.without_zone > 0
        )
    )
left join pg_attrdef as preset
    on preset.adrelid = attribute.attrelid
    and preset.adnum = attribute.attnum
cross join lateral (
    select
        given.value as name,
        coalesce('the role ' || quote_ident(given.role_name), 'the database') || ' has ' || quote_literal(given.value) as of_what
    from schema_fix.settings_given as given
    where (given.role_id = 0 or given.role_name in ('authenticator', 'anon', 'authenticated', 'service_role', 'postgres'))
        and given.name ~* '^timezone$'
        and given.value !~* '^((etc/)?(utc|gmt|uct|zulu|universal|greenwich)|gmt[+-]?0)$'
    order by given.role_id
    limit 1
) as zone
where not schema_fix.was_applied()
    and coalesce(pg_get_expr(preset.adbin, preset.adrelid), '') !~* 'utc|gmt';
