--! Title: What has to be decided about columns that only the server fills from now on

create view schema_fix.decisions_about_columns_withdrawn (name, problem, may_be_acknowledged) as
-- Functions that insert, with the rights of whoever calls them, into columns that API roles may no longer choose: ids, times, and older columns
-- for a person. A column that gets another name is kept under its former one, and filled.
select
    used.function_id::text,
    format(
        'the function %s inserts %s into %s with the rights of whoever calls it, and with the fix only the server fills that: leave it to the'
            ' default, or make the function security definer, asking who calls it',
        used.function_id, string_agg(distinct coalesce(quote_ident(attribute.attname), 'every column'), ', '), present.table_id
    ),
    true
from schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.called_id
    and not routine.prosecdef
    and (routine.prorettype = 'trigger'::regtype or has_function_privilege('authenticated', used.called_id, 'execute'))
join pg_proc as caller
    on caller.oid = used.function_id
    and not caller.prosecdef
cross join lateral schema_fix.inserts_in(used.source) as written
join schema_fix.present_tables as present
    on present.table_name = written.table_name
    and present.generation = 'current'
left join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and lower(attribute.attname) = written.column_name
where not schema_fix.was_applied()
    and (
        written.column_name is null
        or schema_fix.is_set_by_server(present.table_id, attribute.attnum)
        -- The first of its names becomes the column itself, and is kept for the function.
        and not exists (
            select
            from schema_fix.columns_found as person
            where person.target = present.table_id
                and person.column_name = attribute.attname
                and person.stands_for in ('sender', 'user_id', 'created_by')
                and person.rank = 1
        )
    )
    and has_any_column_privilege('authenticated', present.table_id, 'insert')
group by used.function_id, present.table_id;
