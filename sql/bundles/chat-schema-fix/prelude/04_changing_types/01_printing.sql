--! Title: Tools that print what depends on a column

-- What Postgres does not change along with a column's type (policies, views, functions, rules, …) is dropped before and created
-- again afterwards from what Postgres itself prints. Each piece is an object of jsonb:
--   text      the statement, where that is all there is to it; else
--   opening, body, closing   its parts, of which `body` reads columns,
--   kind      what `body` is: query, condition, function, row, trigger or index (see `suited`),
--   relation  the table or view whose columns it reads without naming it

-- A body as Postgres prints it where it can leave out the schemas of tables in public.
create function schema_fix.print_query(view oid) returns text
language sql
stable
set search_path = public, pg_temp
return pg_catalog.rtrim(pg_catalog.pg_get_viewdef(view), ';');

create function schema_fix.print_condition(node pg_node_tree, relation oid) returns text
language sql
stable
set search_path = public, pg_temp
return pg_catalog.pg_get_expr(node, relation);

create function schema_fix.print_function_body(routine oid) returns text
language sql
stable
set search_path = public, pg_temp
return pg_catalog.pg_get_function_sqlbody(routine);

-- A piece that is a statement.
create function schema_fix.statement(statement text, variadic arguments text[] default '{}') returns jsonb
language sql
stable
return jsonb_build_object('text', format(statement, variadic arguments));

-- How a trigger or rule fires, as `alter table` is told.
create function schema_fix.firing_clause(state "char") returns text
language sql
immutable
return case state when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end;
