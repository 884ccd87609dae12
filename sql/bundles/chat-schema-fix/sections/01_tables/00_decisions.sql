--! Title: What has to be decided

-- Refuses, before anything is changed, what only somebody who knows the application can decide: old policies that look at more than
-- the new ones check, rooms and people that are kept in other tables, rules about words that change. The setting acknowledge names
-- what may be dropped.
do $$
declare
    acknowledged constant text[] := current_setting('schema_fix.acknowledge')::text[];
    decision record;
    open_decisions text[] := '{}';
    is_final boolean := false;
begin
    for decision in
        select * from schema_fix.decisions()
    loop
        if decision.may_be_acknowledged and decision.name = any (acknowledged) then
            raise notice 'acknowledged: %', decision.problem;
        else
            -- mutant: what has to be decided is decided by nobody
            open_decisions := open_decisions || format('%s (%s)', decision.problem, decision.name);
            is_final := is_final or not decision.may_be_acknowledged;
        end if;
    end loop;

    if open_decisions <> '{}' then
        raise exception '% to be decided first: %', cardinality(open_decisions), array_to_string(open_decisions, '; ')
            using
                errcode = 'feature_not_supported',
                hint = concat_ws(
                    ' ',
                    case
                        when is_final then 'What is about columns cannot be acknowledged: let them hold the ids of accounts, and of rooms'
                            ' in chat_rooms, let authenticated read and change all or none of those that the fix does not know, and'
                            ' fill those that a check or a trigger wants.'
                    end,
                    'Of what stands before a name in brackets the fix would lose something, or give what was kept back. Move a'
                        ' condition into a restrictive policy, which stays, or acknowledge each by that name, with'
                        ' --set acknowledge=NAME, if it may go; then run the fix again.'
                );
    end if;
end
$$;

-- They read the views of rooms, members and messages, which are made again below.
drop view schema_fix.decisions_about_policies, schema_fix.decisions_about_people, schema_fix.decisions_about_rows,
    schema_fix.decisions_about_rights, schema_fix.decisions_about_words, schema_fix.decisions_about_types,
    schema_fix.decisions_about_constraints, schema_fix.decisions_about_moves, schema_fix.decisions_about_waiting,
    schema_fix.decisions_about_replaced_functions, schema_fix.decisions_about_columns_withdrawn, schema_fix.decisions_about_shapes,
    schema_fix.decisions_about_people_elsewhere, schema_fix.decisions_about_what_nobody_reads, schema_fix.decisions_about_words_unknown,
    schema_fix.decisions_about_writes, schema_fix.decisions_about_columns_nobody_fills, schema_fix.tables_left, schema_fix.memberships_of_anybody;
