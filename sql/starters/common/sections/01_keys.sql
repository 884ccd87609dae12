--! Title: A primary key for every table

-- A second run must find nothing to do: look at what is there, not at names.
do $$
begin
    if not exists (
        select from pg_catalog.pg_constraint
        where conrelid = 'public.notes'::pg_catalog.regclass and contype = 'p'
    ) then
        alter table public.notes add constraint notes_pkey primary key (id);
    end if;
end
$$;
