--! Title: Enable row level security
--! Needs: 01

-- Without row level security no policy counts; forced on the owner it would bind the helpers too, whose reading past it is
-- what keeps the policies from asking themselves.
do $$
declare
    target record;
    changed integer := 0;
begin
    for target in
        select relation.oid::pg_catalog.regclass as name, relation.relrowsecurity, relation.relforcerowsecurity
        from pg_catalog.pg_class as relation
        where relation.oid in (
                'public.chat_rooms'::pg_catalog.regclass,
                'public.chat_room_members'::pg_catalog.regclass,
                'public.room_members'::pg_catalog.regclass,
                'public.chat_messages'::pg_catalog.regclass
            )
            and (not relation.relrowsecurity or relation.relforcerowsecurity)
        order by relation.relname
    loop
        execute pg_catalog.format('alter table %s enable row level security, no force row level security', target.name);
        changed := changed + 1;
    end loop;
    if changed > 0 then
        raise notice 'row level security switched on, past its owner, for % of 4 tables', changed;
    end if;
end
$$;
