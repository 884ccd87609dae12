--! Title: Limits of titles and messages
--! Remains: a check for what the former type of a title or a message refused

-- A title of varchar(80) is a text now. What was too long for it, or not of its domain, is refused as before.
do $$
declare
    former record;
    exceeding bigint;
begin
    for former in select target, column_name, condition from schema_fix.limits loop
        execute format('select count(*) from %s where not (%s)', former.target, former.condition) into exceeding;
        if exceeding = 0 then
            execute format('alter table %s add check (%s)', former.target, former.condition);
        else
            raise notice '%.%: not limited any more; % rows are over the limit of the former type', former.target, former.column_name, exceeding;
        end if;
    end loop;
    truncate schema_fix.limits;
end
$$;
