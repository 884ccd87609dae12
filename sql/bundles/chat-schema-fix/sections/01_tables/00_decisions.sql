--! Title: What has to be decided

-- Refuses, before anything is changed, where only somebody who knows the application can decide: old policies that check more than the
-- new ones, rooms and people in other tables, rules about words that change. The setting acknowledge names what may be dropped.
do $$
declare
    decision record;
    open_decisions text[] := '{}';
    -- Those that the setting cannot answer.
    to_mend text[] := '{}';
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
            if not decision.may_be_acknowledged then
                to_mend := to_mend || decision.name;
            end if;
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
                    'Each says what would be lost or fail, or who could do what they could not before, and what to do instead, and ends with its name'
                        ' in brackets. Do that, or acknowledge it, if it may go, with --set acknowledge=NAME; then run the fix again.',
                    'Cannot be acknowledged: ' || nullif(array_to_string(to_mend, ', '), '') || '.',
                    'Nothing is asked by the name ' || nullif(array_to_string(unasked, ', '), '') || ', which is acknowledged: is it spelt so?'
                );
    end if;
end
$$;

-- Drops the views of decisions: they depend on legacy_rooms, legacy_members and legacy_messages, which are made again after the columns
-- have their names.
do $$
begin
    execute format('drop view %s', (select string_agg(view::text, ', ') from schema_fix.decision_views() as view));
end
$$;
drop view schema_fix.tables_to_leave, schema_fix.memberships_of_anybody, schema_fix.rows_not_understood;
