--! Title: What has to be decided

-- Refuses, before anything is changed, what only somebody who knows the application can decide: old policies that look at more than
-- the new ones check, rooms and people that are kept in other tables, rules about words that change. The setting acknowledge names
-- what may be dropped.
do $$
declare
    decision record;
    open_decisions text[] := '{}';
    is_final boolean := false;
    -- A name with a typo decides nothing.
    unasked text[] := current_setting('schema_fix.acknowledge')::text[];
begin
    for decision in
        select * from schema_fix.decisions()
    loop
        unasked := array_remove(unasked, decision.name);
        if decision.may_be_acknowledged and schema_fix.is_acknowledged(decision.name) then
            raise notice 'acknowledged: %', decision.problem;
        else
            -- mutant: what has to be decided is decided by nobody
            open_decisions := open_decisions || format('%s (%s)', decision.problem, decision.name);
            is_final := is_final or not decision.may_be_acknowledged;
        end if;
    end loop;
    if unasked <> '{}' then
        raise notice 'acknowledged, though nothing here is asked by that name: %', array_to_string(unasked, ', ');
    end if;

    if open_decisions <> '{}' then
        raise exception '% to be decided first: %', cardinality(open_decisions), array_to_string(open_decisions, '; ')
            using
                errcode = 'feature_not_supported',
                hint = concat_ws(
                    ' ',
                    case
                        when is_final then 'What is about columns cannot be acknowledged: let them hold the ids of accounts, and of rooms'
                            ' in chat_rooms, let authenticated read and change all or none of those that the fix does not know, and'
                            ' fill those that a check or a trigger wants; nor can names that the fix needs, or whole rows that a column holds.'
                    end,
                    'Before each name in brackets stands what would be lost or fail, or what somebody could do who could not before. Move a'
                        ' condition into a restrictive policy, which stays, or acknowledge each by that name, with'
                        ' --set acknowledge=NAME, if it may go; then run the fix again.',
                    'Nothing is asked by the name ' || nullif(array_to_string(unasked, ', '), '') || ', which is acknowledged: is it spelt so?'
                );
    end if;
end
$$;

-- They read the views of rooms, members and messages, which are made again below.
do $$
begin
    execute format('drop view %s', (select string_agg(view::text, ', ') from schema_fix.decision_views() as view));
end
$$;
drop view schema_fix.tables_to_leave, schema_fix.memberships_of_anybody, schema_fix.rows_not_understood;
