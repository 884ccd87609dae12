--! Title: What is there today

-- Put your own tables here, as they are, with rows like those of your users. Or leave this file, and give
-- --before to the rehearsal: a dump, a folder of migrations, or the address of a database.
create table public.notes (id bigint not null, author uuid not null, body text);
insert into auth.users (id, email) values
    ('00000000-0000-4000-8000-0000000000a1', 'ann@example.org'),
    ('00000000-0000-4000-8000-0000000000b2', 'ben@example.org');
insert into public.notes (id, author, body) values
    (1, '00000000-0000-4000-8000-0000000000a1', 'milk'),
    (2, '00000000-0000-4000-8000-0000000000a1', 'bread'),
    (3, '00000000-0000-4000-8000-0000000000b2', 'tea');
