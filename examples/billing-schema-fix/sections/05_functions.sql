--! Title: Who asks, and what is theirs
--! Needs: 02
--! Remains: the functions that the policies ask

-- The application sets app.user_id in each transaction; on a connection that served another request it is blank.
create or replace function public.current_user_id() returns uuid
language sql stable
set search_path = ''
as $$ select nullif(pg_catalog.current_setting('app.user_id', true), '')::pg_catalog.uuid $$;

-- With their owner's rights: a policy of members that asked members would ask itself.
create or replace function public.my_organisations() returns setof uuid
language sql stable security definer
set search_path = ''
as $$ select m.organisation_id from public.members as m where m.user_id = public.current_user_id() $$;
revoke execute on function public.my_organisations() from public;
grant execute on function public.my_organisations() to billing_app;

create or replace function public.is_owner_of(organisation uuid) returns boolean
language sql stable security definer
set search_path = ''
as $$
    select exists (
        select
        from public.members as m
        where m.organisation_id = organisation and m.user_id = public.current_user_id() and m.role = 'owner'
    )
$$;
revoke execute on function public.is_owner_of(uuid) from public;
grant execute on function public.is_owner_of(uuid) to billing_app;
