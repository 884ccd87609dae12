--! Title: The indexes
--! Remains: indexes for the application's queries and for the policies

-- Each is made unless one of any name does the same: those of large tables were made before, see prepare/.
select schema_fix.ensure_index(format('public.%I', table_name)::regclass, index_name, definition, same_as)
from schema_fix.indexes
order by place;
