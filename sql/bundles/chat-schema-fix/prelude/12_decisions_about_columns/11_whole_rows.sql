--! Title: What has to be decided about columns that hold whole rows of a table whose columns get another type

-- Postgres changes the type of no column of a table whose row type a column has, in an array or a composite type, too: not even from varchar
-- to text.
create view schema_fix.decisions_about_whole_rows (name, problem, may_be_acknowledged) as
with recursive changing as (
    select changed.table_id, string_agg(quote_ident(changed.column_name), ', ' order by changed.column_name) as columns
    from schema_fix.columns_that_change_type as changed
    where not schema_fix.was_applied()
        -- Of several columns for one thing only the first gets the type.
        and not exists (
            select
            from schema_fix.columns_found as found
            where found.target = changed.table_id
                and found.column_name = changed.column_name
                and found.rank > 1
        )
    group by changed.table_id
),

holding as (
    select changing.table_id, relation.reltype as type_id
    from changing
    join pg_class as relation
        on relation.oid = changing.table_id
    union
    select holding.table_id, further.oid
    from holding
    join pg_type as further
        on further.oid = (select typarray from pg_type where oid = holding.type_id)
        or further.typbasetype = holding.type_id
        or further.typtype = 'c' and exists (
            select
            from pg_attribute as part
            join pg_class as composite
                on composite.oid = part.attrelid
                and composite.relkind = 'c'
            where part.attrelid = further.typrelid
                and part.atttypid = holding.type_id
                and not part.attisdropped
        )
)

select
    format('%s.%I', keeping.oid::regclass, attribute.attname),
    format(
        '%s.%I holds whole rows of %s, which get another type in %s, and Postgres refuses that: let it be jsonb first'
            ' (alter table %1$s alter %2$I type jsonb using to_jsonb(%2$I))',
        keeping.oid::regclass, attribute.attname, holding.table_id, changing.columns
    ),
    false
from holding
join changing
    on changing.table_id = holding.table_id
join pg_attribute as attribute
    on attribute.atttypid = holding.type_id
    and not attribute.attisdropped
join pg_class as keeping
    on keeping.oid = attribute.attrelid
    and keeping.relkind in ('r', 'p');
