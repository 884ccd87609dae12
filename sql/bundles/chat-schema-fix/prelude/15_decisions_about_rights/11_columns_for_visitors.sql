--! Title: What has to be decided about columns that visitors read

-- Privileges on single columns were given by somebody who thought about it, and without row level security they show every row of these columns.
-- A policy for visitors is asked about by itself.
create view schema_fix.decisions_about_columns_for_visitors (name, problem, may_be_acknowledged) as
select
    format('%s.anon', present.table_id),
    format(
        'visitors who are not signed in read of %s the columns %s alone, by a privilege on each, and with the fix they can do nothing there: show these'
            ' columns by a view of its owner, which the fix leaves alone, or acknowledge it',
        present.table_id, string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum)
    ),
    true
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
    and not relation.relrowsecurity
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
cross join lateral aclexplode(attribute.attacl) as granted
where present.generation = 'current'
    and granted.grantee = to_regrole('anon')
    and granted.privilege_type = 'SELECT'
    and not has_table_privilege('anon', present.table_id, 'select')
    and has_schema_privilege('anon', 'public', 'usage')
    and not schema_fix.was_applied()
group by present.table_id;
