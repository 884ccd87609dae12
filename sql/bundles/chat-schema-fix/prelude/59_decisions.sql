--! Title: What has to be decided, all of it

-- The views are of many tables, of which all are small: the order in which they are joined hardly matters, and to weigh every order takes longer than
-- the query.
create function schema_fix.decisions() returns table (name text, problem text, may_be_acknowledged boolean)
language sql
set join_collapse_limit = '2'
set from_collapse_limit = '2'
as $$
    select name, string_agg(problem, '; ' order by problem) as problem, bool_and(may_be_acknowledged) as may_be_acknowledged
    from (
        table schema_fix.decisions_about_policies
        union all
        table schema_fix.decisions_about_people
        union all
        table schema_fix.decisions_about_people_elsewhere
        union all
        table schema_fix.decisions_about_what_nobody_reads
        union all
        table schema_fix.decisions_about_rows
        union all
        table schema_fix.decisions_about_rights
        union all
        table schema_fix.decisions_about_words
        union all
        table schema_fix.decisions_about_words_unknown
        union all
        table schema_fix.decisions_about_types
        union all
        table schema_fix.decisions_about_constraints
        union all
        table schema_fix.decisions_about_moves
        union all
        table schema_fix.decisions_about_waiting
        union all
        table schema_fix.decisions_about_replaced_functions
        union all
        table schema_fix.decisions_about_columns_withdrawn
        union all
        table schema_fix.decisions_about_shapes
        union all
        table schema_fix.decisions_about_writes
        union all
        table schema_fix.decisions_about_columns_nobody_fills
    ) as candidate
    group by name
    order by name
$$;
