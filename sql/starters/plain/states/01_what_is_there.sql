--! Title: What is there today

-- Put your own tables here, as they are, with rows like those of your users. Or leave this file, and give
-- --before to the rehearsal: a dump, a folder of migrations, or the address of a database.
create table public.notes (id bigint not null, author text not null, body text);
grant select, insert, update, delete on public.notes to app_user;
insert into public.notes (id, author, body) values
    (1, 'ann', 'milk'),
    (2, 'ann', 'bread'),
    (3, 'ben', 'tea');
