--! Title: Everybody reaches their own rows

-- Without a policy nobody but the owner reaches anything.
alter table public.notes enable row level security;

-- auth.uid() is who the data API has let in; in a subquery it is asked once for a statement, not once for a row.
do $$
begin
    if not exists (
        select from pg_catalog.pg_policy
        where polrelid = 'public.notes'::pg_catalog.regclass and polname = 'own rows'
    ) then
        create policy "own rows" on public.notes to authenticated
        using (author = (select auth.uid()));
    end if;
end
$$;
