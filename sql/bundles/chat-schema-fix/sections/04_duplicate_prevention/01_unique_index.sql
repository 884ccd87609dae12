--! Title: The unique index
--! Remains: the unique index on the names of a creator's groups

-- No two groups of one creator have the same name. The index holds a digest of the title, which may be longer than an index row can be.
do $$
begin
    if not exists (
        select
        from pg_index
        where indrelid = 'public.chat_rooms'::regclass
            and pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX idx_chat_rooms_unique_group'
                ' ON public.chat_rooms USING btree (created_by, md5(lower(btrim(title)))) WHERE (type = ''group''::text)'
    ) then
        perform schema_fix.free_name('idx_chat_rooms_unique_group');
        -- mutant: the unique index is not unique
        create unique index idx_chat_rooms_unique_group
            -- mutant: the unique index forgets the creator
            -- mutant: the unique index has no predicate
            on public.chat_rooms (created_by, md5(lower(btrim(title))))
            where type = 'group';
    end if;
end
$$;
