--! Title: Members read what is their organisation's, and its owners write invoices
--! Needs: 04, 05
--! Remains: the policies of organisations, users, members and invoices

alter table public.organisations enable row level security;
alter table public.users enable row level security;
alter table public.members enable row level security;
alter table public.invoices enable row level security;

-- Policies add up: one of an earlier attempt that lets everybody in would undo the rest.
do $$
declare
    old record;
begin
    for old in
        select p.polname, p.polrelid::pg_catalog.regclass as tab
        from pg_catalog.pg_policy as p
        where p.polrelid in (
            'public.organisations'::pg_catalog.regclass,
            'public.users'::pg_catalog.regclass,
            'public.members'::pg_catalog.regclass,
            'public.invoices'::pg_catalog.regclass
        )
    loop
        execute pg_catalog.format('drop policy %I on %s', old.polname, old.tab);
    end loop;
end
$$;

create policy "organisations of mine" on public.organisations for select to billing_app
using (id in (select public.my_organisations()));

create policy "myself" on public.users for select to billing_app
using (id = public.current_user_id());

create policy "members of mine" on public.members for select to billing_app
using (organisation_id in (select public.my_organisations()));

create policy "invoices of mine" on public.invoices for select to billing_app
using (organisation_id in (select public.my_organisations()));

create policy "owners write" on public.invoices for insert to billing_app
with check (public.is_owner_of(organisation_id));

create policy "owners correct" on public.invoices for update to billing_app
using (public.is_owner_of(organisation_id))
with check (public.is_owner_of(organisation_id));

grant select on public.organisations, public.users, public.members to billing_app;
grant select, insert, update on public.invoices to billing_app;
