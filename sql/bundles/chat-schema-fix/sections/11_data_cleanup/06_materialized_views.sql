--! Title: Materialized views

-- Fills the materialized views that section 01 created again.
do $$
declare
    view text;
begin
    for view in select name from schema_fix.views_to_fill order by place loop
        execute format('refresh materialized view %s', view);
        raise notice '%: created again and refreshed', view;
    end loop;
exception
    when data_exception or integrity_constraint_violation or syntax_error_or_access_rule_violation then
        raise exception '% cannot be filled again: %', view, sqlerrm
            using
                errcode = 'feature_not_supported',
                hint = 'Drop the materialized view, run the fix, and create it again for what the tables hold then.';
end
$$;
