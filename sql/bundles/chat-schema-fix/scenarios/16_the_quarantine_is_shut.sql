--! Title: What lies in quarantine is read by nobody through the API

-- Fails when: any privilege on its table is granted to a role of the API, or to public, whether or not its schema is open.

--! Step: something lies in quarantine, and the deployer can read it
--! As: deployer
--! Expect: rows 1
insert into chat_quarantine.rows (source_table, reason, row_data)
values ('public.chat_messages', 'scenario', '{"content": "Scenario: secret"}')
returning reason;

--! Step: alice cannot
--! As: alice
--! Expect: error 42501
select * from chat_quarantine.rows;

--! Step: the visitor cannot
--! As: visitor
--! Expect: error 42501
select * from chat_quarantine.rows;

--! Step: a token without a subject cannot
--! As: nobody
--! Expect: error 42501
select * from chat_quarantine.rows;

--! Step: alice puts nothing in
--! As: alice
--! Expect: error 42501
insert into chat_quarantine.rows (source_table, reason, row_data) values ('public.chat_messages', 'forged', '{}');

--! Step: alters nothing
--! As: alice
--! Expect: error 42501
update chat_quarantine.rows set reason = 'forged';

--! Step: throws nothing away
--! As: alice
--! Expect: error 42501
delete from chat_quarantine.rows;

--! Step: empties nothing
--! As: alice
--! Expect: error 42501
truncate chat_quarantine.rows;

--! Step: no table of the quarantine is granted to the API, should its schema be opened one day
--! As: deployer
--! Expect: rows 0
select relname, grantee::regrole, privilege_type
from pg_catalog.pg_class
cross join lateral pg_catalog.aclexplode(relacl)
where relnamespace = 'chat_quarantine'::regnamespace
    and grantee in (0, 'anon'::regrole, 'authenticated'::regrole);
