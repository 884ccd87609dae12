--! Title: The indexes
--! Remains: indexes for the application's queries and for the policies

-- Each is made unless one of any name does the same. `schema-fix deploy` builds those of large tables beforehand,
-- concurrently; otherwise they are built here, while nobody can write. The facts say what each is for.
select schema_fix.ensure_index(format('public.%I', table_name)::regclass, index_name, definition, same_as)
from schema_fix.indexes
order by place;
