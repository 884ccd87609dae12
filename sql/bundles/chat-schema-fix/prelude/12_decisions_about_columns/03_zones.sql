--! Title: What has to be decided about times without a zone

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
    and attribute.atttypid = 'timestamp'::regtype
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
