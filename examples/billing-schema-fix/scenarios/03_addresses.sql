--! Title: An address belongs to one user

--! Step: ann reads her own
--! As: ann
--! Expect: rows 1
select email from public.users where id = pg_catalog.current_setting('app.user_id')::uuid;

--! Step: a second user of that address is refused
--! As: deployer
--! Expect: error 23505
insert into public.users (id, email)
select '00000000-0000-4000-8000-00000000f001', email
from public.users
where id = pg_catalog.current_setting('actor.ann')::uuid;

--! Step: and carol does not read ann's
--! As: carol
--! Expect: refused
select email from public.users where id = pg_catalog.current_setting('actor.ann')::uuid;
