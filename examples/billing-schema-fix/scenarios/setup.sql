-- An organisation of ann's, in which ben is a member, and carol is not.
insert into public.users (id, email)
select pg_catalog.current_setting('actor.' || name)::uuid, name || '@scenario.example'
from pg_catalog.unnest(array['ann', 'ben', 'carol']) as name
on conflict (id) do nothing;
insert into public.organisations (id, name) values ('00000000-0000-4000-8000-00000000e001', 'Scenario');
insert into public.members (organisation_id, email, role, joined_at, user_id) values
    ('00000000-0000-4000-8000-00000000e001', 'ann@scenario.example', 'owner', pg_catalog.now(), pg_catalog.current_setting('actor.ann')::uuid),
    ('00000000-0000-4000-8000-00000000e001', 'ben@scenario.example', 'member', pg_catalog.now(), pg_catalog.current_setting('actor.ben')::uuid);
