--! Title: Duplicate prevention
--! Needs: 03

-- One creator cannot have two groups of one name. Names are the same if they differ in capitals or outer blanks only, as for
-- the people who read them; create_group_room judges by the same expression. The index holds a digest of the name, because a
-- title may be longer than what fits into an index. Groups without a name are as many as anybody likes.

-- A blank name is none.
do $$
begin
    if exists (select from public.chat_rooms where type = 'group' and pg_catalog.btrim(title) = '') then
        perform chat_quarantine.change(
            'public.chat_rooms',
            'update public.chat_rooms set title = null where type = ''group'' and pg_catalog.btrim(title) = '''''
        );
    end if;
end
$$;

-- Later groups of a name get a number: merging them would show one group's messages to the other's members. The oldest keeps
-- the name, and a number that would make a name that is taken is passed over. Groups of which nobody knows the creator are
-- told apart as well, once: those that lose him later, with his account, had names of their own.
do $$
declare
    later record;
    knows_creators constant boolean := exists (
        select from chat_quarantine.imported where source_table = 'names of groups without a creator'
    );
    attempt bigint;
    new_title text;
    new_titles jsonb := '{}';
    given text[] := '{}';
begin
    for later in
        select numbered.id, numbered.created_by, pg_catalog.btrim(numbered.title) as title, numbered.place
        from (
            select
                room.*,
                pg_catalog.row_number() over (
                    partition by room.created_by, pg_catalog.lower(pg_catalog.btrim(room.title))
                    order by room.created_at, room.id
                ) as place
            from public.chat_rooms as room
            where room.type = 'group'
                and (room.created_by is not null or not knows_creators)
                and room.title is not null
        ) as numbered
        where numbered.place > 1
        order by numbered.created_by, numbered.created_at, numbered.id
    loop
        attempt := later.place - 1;
        loop
            attempt := attempt + 1;
            new_title := pg_catalog.format('%s (%s)', later.title, attempt);
            exit when not pg_catalog.concat(later.created_by, pg_catalog.lower(new_title)) = any (given)
                and not exists (
                    select
                    from public.chat_rooms as other
                    where other.type = 'group'
                        and other.created_by is not distinct from later.created_by
                        and pg_catalog.lower(pg_catalog.btrim(other.title)) = pg_catalog.lower(new_title)
                );
        end loop;
        given := given || pg_catalog.concat(later.created_by, pg_catalog.lower(new_title));
        new_titles := new_titles || pg_catalog.jsonb_build_object(later.id, new_title);
    end loop;

    if pg_catalog.cardinality(given) > 0 then
        raise notice 'public.chat_rooms: % groups renamed, because their creator has another of that name',
            chat_quarantine.change_rooms(
                pg_catalog.format(
                    'update public.chat_rooms as room set title = renamed.value'
                        ' from pg_catalog.jsonb_each_text(%L) as renamed where room.id = renamed.key::uuid',
                    new_titles
                )
            );
    end if;
    insert into chat_quarantine.imported (source_table) values ('names of groups without a creator') on conflict do nothing;
end
$$;

-- The rule itself.
do $$
begin
    if not exists (
        select
        from pg_catalog.pg_index
        where indrelid = 'public.chat_rooms'::regclass
            and pg_catalog.pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX idx_chat_rooms_unique_group'
                ' ON public.chat_rooms USING btree (created_by, md5(lower(btrim(title)))) WHERE (type = ''group''::text)'
    ) then
        perform chat_quarantine.free_name('idx_chat_rooms_unique_group');
        create unique index idx_chat_rooms_unique_group
            on public.chat_rooms (created_by, pg_catalog.md5(pg_catalog.lower(pg_catalog.btrim(title))))
            where type = 'group';
    end if;
end
$$;
