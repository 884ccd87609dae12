--! Title: Limits of titles and messages
--! Remains: a check that refuses what the former type of a title or a message refused

-- A title of varchar(80), or of a domain, is a text now: a check refuses what its type refused. It is left out where a row violates it, or
-- where the title dm:ID:ID, which section 11 may set, would.
do $$
declare
    former record;
    is_kept boolean;
begin
    for former in select target, column_name, condition from schema_fix.limits loop
        begin
            execute format(
                'select bool_and(%1$s) from (select %2$I from %3$s union all select %4$L where %2$L = ''title'') as kept (%2$I)',
                former.condition,
                former.column_name,
                former.target,
                'dm:00000000-0000-4000-8000-00000000000a:00000000-0000-4000-8000-00000000000b'
            )
            into is_kept;
        exception
            -- A domain raises it.
            when integrity_constraint_violation or data_exception then
                is_kept := false;
        end;
        if coalesce(is_kept, true) then
            execute format('alter table %s add check (%s)', former.target, former.condition);
        else
            raise notice '%.%: not limited any more as by its former type', former.target, former.column_name;
        end if;
    end loop;
    truncate schema_fix.limits;
end
$$;
