--! Title: Duplicate Groups

-- No creator has two groups of one name, compared as idx_chat_rooms_unique_group and create_group_room compare them.
with lookup as (
    select
        -- Never a view of that name: reading it would run what is in it.
        (
            select oid from pg_catalog.pg_class
            where oid = pg_catalog.to_regclass('public.chat_rooms') and relkind in ('r', 'p')
        ) as relation,
        (
            select pg_catalog.count(*)
            from pg_catalog.pg_attribute
            where attrelid = pg_catalog.to_regclass('public.chat_rooms')
                and attname in ('type', 'title', 'created_by')
                and not attisdropped
        ) as columns
),
-- Read from within this one query, and only if there is something to read: a missing table is a row that fails.
counted as (
    select
        lookup.*,
        case
            when lookup.columns = 3
                and pg_catalog.has_table_privilege(lookup.relation, 'select')
                and not pg_catalog.row_security_active(lookup.relation)
            then
                pg_catalog.substring(
                    pg_catalog.query_to_xml(
                        $query$
                            select coalesce(sum(copies - 1), 0) as surplus
                            from (
                                select count(*) as copies
                                from public.chat_rooms
                                where type::text = 'group' and created_by is not null and btrim(title::text) <> ''
                                group by created_by, lower(btrim(title::text))
                            ) as names
                        $query$,
                        false, true, ''
                    )::text,
                    '<surplus>(\d+)</surplus>'
                )::bigint
        end as surplus
    from lookup
)
select
    'public.chat_rooms, groups of one creator with one name' as object,
    '0 too many' as expected,
    case
        when relation is null then 'no such table'
        when columns < 3 then 'no type, title or created_by'
        when not pg_catalog.has_table_privilege(relation, 'select') then 'this role may not read it'
        when surplus is null then 'hidden from this role by row level security'
        else surplus || ' too many'
    end as actual,
    coalesce(surplus = 0, false) as pass
from counted;
