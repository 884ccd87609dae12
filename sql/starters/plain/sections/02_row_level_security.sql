--! Title: Everybody reaches their own rows

-- Without a policy nobody but the owner reaches anything.
alter table public.notes enable row level security;

-- The claims are those of the token that the application has checked.
do $$
begin
    if not exists (
        select from pg_catalog.pg_policy
        where polrelid = 'public.notes'::pg_catalog.regclass and polname = 'own rows'
    ) then
        create policy "own rows" on public.notes to app_user
        using (author = pg_catalog.current_setting('request.jwt.claims', true)::jsonb ->> 'sub');
    end if;
end
$$;
