--! Title: Organisations are kept in one table

create table if not exists public.organisations (
    id uuid primary key,
    name text not null,
    created_at timestamptz not null default pg_catalog.now()
);

-- The first version of the application called them accounts. Where both tables know one, they must say the same.
do $$
declare
    stranger text;
begin
    if pg_catalog.to_regclass('public.accounts') is null then
        return;
    end if;
    select a.title into stranger
    from public.accounts as a
    join public.organisations as o on o.id = a.id
    where (o.name, o.created_at) is distinct from (a.title, a.opened)
    limit 1;
    if stranger is not null then
        raise exception 'public.accounts and public.organisations say different things of %', stranger
            using hint = 'Make the two rows alike, then run the fix again.';
    end if;

    insert into public.organisations (id, name, created_at)
    select id, title, opened from public.accounts
    on conflict (id) do nothing;
end
$$;
