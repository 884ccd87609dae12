--! Title: Enable row level security
--! Needs: 01

-- Enables row level security on the four tables, and does not force it on their owner. The helper functions read as the owner:
-- forced, it would have the policies ask themselves.
do $$
declare
    target record;
    changed integer := 0;
begin
    for target in
        select relation.oid::regclass as name, relation.relrowsecurity, relation.relforcerowsecurity
        from pg_class as relation
        where relation.oid in (
                'public.chat_rooms'::regclass,
                'public.chat_room_members'::regclass,
                -- mutant: row level security is not enabled on room_members
                'public.room_members'::regclass,
                'public.chat_messages'::regclass
            )
            and (not relation.relrowsecurity or relation.relforcerowsecurity)
        order by relation.relname
    loop
        -- mutant: forced row level security stays on its owner
        execute format('alter table %s enable row level security, no force row level security', target.name);
        changed := changed + 1;
    end loop;
    if changed > 0 then
        raise notice 'row level security enabled, and not forced, on % of 4 tables', changed;
    end if;
end
$$;
