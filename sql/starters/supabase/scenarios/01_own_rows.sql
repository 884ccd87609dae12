--! Title: A row is for the one who wrote it

--! Step: ann writes a row
--! As: ann
--! Expect: affected 1
insert into public.notes (id, author, body) values (1001, (select auth.uid()), 'eggs');

--! Step: ann reads it
--! As: ann
--! Expect: value eggs
select body from public.notes where id = 1001;

--! Step: ben does not
--! As: ben
--! Expect: refused
select body from public.notes where id = 1001;

--! Step: ben does not write in the name of ann
--! As: ben
--! Expect: error 42501
insert into public.notes (id, author, body) values (1002, '00000000-0000-4000-8000-0000000000a1', 'poison');

--! Step: a visitor reads nothing
--! As: visitor
--! Expect: refused
select body from public.notes where id = 1001;
