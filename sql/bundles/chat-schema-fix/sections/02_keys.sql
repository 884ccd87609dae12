--! Title: Foreign and primary keys
--! Needs: 01

-- Gives each table its primary key, and each room_id its foreign key to chat_rooms. Rows that would violate a key first get a new id
-- or go to quarantine.

-- Deletes exact duplicates in tables without a primary key.
do $$
declare
    target regclass;
    copies bigint;
begin
    foreach target in array array['public.chat_rooms', 'public.chat_room_members', 'public.room_members']::regclass[] loop
        if exists (select from pg_index where indrelid = target and indisprimary) then
            continue;
        end if;
        copies := schema_fix.run_without_triggers(
            target,
            format(
                'delete from %1$s as spare using (
                    select copy.ctid, row_number() over (partition by copy::text order by copy.ctid) as place
                    from %1$s as copy
                ) as numbered
                where numbered.ctid = spare.ctid and numbered.place > 1',
                target
            )
        );
        if copies > 0 then
            raise notice '%: % exact duplicates deleted', target, copies;
        end if;
    end loop;
end
$$;
