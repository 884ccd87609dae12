--! Title: Keys point at organisations and users
--! Needs: 01, 02, 03

-- A key is told by what it says, under whatever name: one that points elsewhere goes, one that is missing is added.
do $$
declare
    wanted record;
    wrong record;
begin
    for wanted in
        select *
        from (values
            ('public.members', 'organisation_id', 'public.organisations'),
            ('public.members', 'user_id', 'public.users'),
            ('public.invoices', 'organisation_id', 'public.organisations')
        ) as e (source, col, target)
    loop
        for wrong in
            select c.conname
            from pg_catalog.pg_constraint as c
            join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
            where c.contype = 'f'
                and c.conrelid = wanted.source::pg_catalog.regclass
                and a.attname = wanted.col
                and c.confrelid <> wanted.target::pg_catalog.regclass
        loop
            execute pg_catalog.format('alter table %s drop constraint %I', wanted.source, wrong.conname);
        end loop;
        if not exists (
            select
            from pg_catalog.pg_constraint as c
            join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
            where c.contype = 'f'
                and c.conrelid = wanted.source::pg_catalog.regclass
                and a.attname = wanted.col
                and c.confrelid = wanted.target::pg_catalog.regclass
        ) then
            execute pg_catalog.format(
                'alter table %s add foreign key (%I) references %s (id)', wanted.source, wanted.col, wanted.target
            );
        end if;
    end loop;
end
$$;

-- Every row of it is an organisation now.
do $$
begin
    if pg_catalog.to_regclass('public.accounts') is not null then
        drop table public.accounts;
    end if;
end
$$;
