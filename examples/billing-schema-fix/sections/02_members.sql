--! Title: A member is a user, whatever the capitals of the address
--! Needs: 01

-- The first version called the organisation an account.
do $$
begin
    if schema_fix.type_of('public.members', 'account_id') is not null then
        alter table public.members rename column account_id to organisation_id;
    end if;
end
$$;

-- Two users of one address cannot be told apart by it, and who is who only their owner knows.
do $$
declare
    address text;
begin
    select schema_fix.email_of(email) into address
    from public.users
    group by schema_fix.email_of(email)
    having pg_catalog.count(*) > 1
    limit 1;
    if address is not null then
        raise exception 'two users have the address %', address
            using errcode = 'unique_violation', hint = 'Give one of them another address, then run the fix again.';
    end if;
end
$$;

update public.users set email = schema_fix.email_of(email) where email <> schema_fix.email_of(email);
update public.members set email = schema_fix.email_of(email) where email <> schema_fix.email_of(email);

-- Of members who are there twice the owner stays, or whoever joined first.
delete from public.members as m
using (
    select
        ctid as place,
        pg_catalog.row_number() over (
            partition by organisation_id, email
            order by role <> 'owner', joined_at, ctid
        ) as rank
    from public.members
) as ranked
where m.ctid = ranked.place and ranked.rank > 1;

-- Members of organisations that are gone are put away, complete, with the reason.
create schema if not exists billing_quarantine;
create table if not exists billing_quarantine.rows (
    source_table text not null,
    reason text not null,
    row_data jsonb not null
);
with orphans as (
    delete from public.members as m
    where not exists (select from public.organisations as o where o.id = m.organisation_id)
    returning *
)
insert into billing_quarantine.rows (source_table, reason, row_data)
select 'public.members', 'its organisation is gone', pg_catalog.to_jsonb(orphans)
from orphans;

-- Who is invited and has not signed up yet is a member without a user.
alter table public.members add column if not exists user_id uuid;
update public.members as m set user_id = u.id
from public.users as u
where u.email = m.email and m.user_id is null;

create unique index if not exists users_email_key on public.users (email);
create unique index if not exists members_organisation_email_key on public.members (organisation_id, email);
