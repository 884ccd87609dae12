--! Title: Whom all of this belongs to: the service that keeps it, never a superuser

do $$
declare
    owned record;
begin
    for owned in
        with
        owners (schema, owner) as (
            values
            ('auth', 'supabase_auth_admin'),
            ('storage', 'supabase_storage_admin'),
            ('realtime', 'supabase_realtime_admin'),
            ('supabase_functions', 'supabase_functions_admin'),
            ('vault', 'supabase_admin'),
            ('cron', 'supabase_admin'),
            ('net', 'supabase_admin'),
            ('graphql', 'supabase_admin'),
            ('graphql_public', 'supabase_admin')
        ),

        schemas as (
            select owner, schema::pg_catalog.regnamespace as schema
            from owners
        )

        select
            case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end as kind,
            c.oid::pg_catalog.regclass::text as name,
            s.owner,
            c.relkind in ('r', 'p') and s.schema = 'auth'::pg_catalog.regnamespace as is_guarded
        from schemas as s
        inner join pg_catalog.pg_class as c on c.relnamespace = s.schema
        where
            c.relkind in ('r', 'p', 'v', 'S')
            -- The sequence of a column goes with its table.
            and not exists (
                select
                from pg_catalog.pg_depend as d
                where
                    d.objid = c.oid
                    and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and c.relkind = 'S'
                    and d.deptype in ('a', 'i')
            )
        union all
        select 'function', p.oid::pg_catalog.regprocedure::text, s.owner, false
        from schemas as s
        inner join pg_catalog.pg_proc as p on p.pronamespace = s.schema
        union all
        select 'type', t.oid::pg_catalog.regtype::text, s.owner, false
        from schemas as s
        inner join pg_catalog.pg_type as t on t.typnamespace = s.schema
        left join pg_catalog.pg_class as c on t.typrelid = c.oid
        where t.typtype in ('e', 'd') or c.relkind = 'c'
    loop
        execute pg_catalog.format('alter %s %s owner to %I', owned.kind, owned.name, owned.owner);
        if owned.is_guarded then
            execute pg_catalog.format('alter table %s enable row level security', owned.name);
        end if;
    end loop;
end
$$;
