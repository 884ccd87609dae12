--! Title: Members see each other, and nobody lets themselves in

--! Step: ben sees both members
--! As: ben
--! Expect: rows 2
select email from public.members where organisation_id = '00000000-0000-4000-8000-00000000e001';

--! Step: carol sees none
--! As: carol
--! Expect: refused
select email from public.members where organisation_id = '00000000-0000-4000-8000-00000000e001';

--! Step: carol does not let herself in
--! As: carol
--! Expect: error 42501
insert into public.members (organisation_id, email, role, joined_at, user_id)
values ('00000000-0000-4000-8000-00000000e001', 'carol@scenario.example', 'owner', pg_catalog.now(), pg_catalog.current_setting('app.user_id')::uuid);

--! Step: ben does not make himself an owner
--! As: ben
--! Expect: refused
update public.members set role = 'owner' where user_id = pg_catalog.current_setting('app.user_id')::uuid;
