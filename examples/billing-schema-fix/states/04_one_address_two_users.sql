--! Title: Two users whose addresses differ by capitals, whom nobody but their owner can tell apart
--! Expect: refuse 23505

create table public.organisations (id uuid primary key, name text not null, created_at timestamptz not null default pg_catalog.now());
insert into public.organisations (id, name) values ('00000000-0000-4000-8000-000000000001', 'Bakery');
create table public.users (id uuid primary key, email text not null, full_name text);
insert into public.users (id, email) values
    ('00000000-0000-4000-8000-0000000000a1', 'ann@example.com'),
    ('00000000-0000-4000-8000-0000000000b2', 'Ann@Example.com');
create table public.members (organisation_id uuid, email text not null, role text not null, joined_at timestamptz not null);
insert into public.members (organisation_id, email, role, joined_at) values
    ('00000000-0000-4000-8000-000000000001', 'ann@example.com', 'owner', '2023-01-05 09:00+00');
create table public.invoices (id bigint primary key, organisation_id uuid, number text not null, amount text, issued_on date not null);
grant select, insert, update, delete on public.organisations, public.users, public.members, public.invoices to billing_app;
