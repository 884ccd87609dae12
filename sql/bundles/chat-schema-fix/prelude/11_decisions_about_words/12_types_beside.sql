--! Title: What has to be decided about a column that may say something else than the type of a room

create view schema_fix.decisions_about_types_beside (name, problem, may_be_acknowledged) as
-- mutant: what a column beside the type says is taken for a type
select
    -- Its own name is acknowledged for what words it holds, and then it fills a type that is missing.
    format('%s.%I.left', table_id, name),
    format(
        '%1$s.%2$I says of every room what type it is, and %3$I holds words that are no type: rename %3$I, or acknowledge it, and it is left as it is',
        table_id, type, name
    ),
    true
from (
    table schema_fix.types_beside
    union all
    table schema_fix.types_left
) as beside;
