--! Title: Tools for privileges and policies

-- Revokes what others than the owner granted to the API roles, or these to others: an owner cannot revoke what somebody else
-- granted, only the grant option with which they did.
create function schema_fix.revoke_grants(kind text, object text, owner oid, privileges aclitem[]) returns void
language plpgsql
as $$
declare
    granting regrole;
begin
    for granting in
        select distinct granted.grantor
        from aclexplode(nullif(privileges, '{}')) as granted
        where granted.grantor <> owner
            and (granted.grantee = 0 or array[granted.grantee, granted.grantor] && array['anon', 'authenticated']::regrole[]::oid[])
    loop
        execute format('revoke grant option for all on %s %s from %s cascade', kind, object, granting);
    end loop;
end
$$;

-- The same for a table and its columns, or a sequence.
create function schema_fix.revoke_grants(relation regclass) returns void
language sql
as $$
    select schema_fix.revoke_grants(
        case relkind when 'S' then 'sequence' else 'table' end,
        relation::text,
        relowner,
        relacl || array(
            select unnest(attacl)
            from pg_attribute
            where attrelid = relation
        )
    )
    from pg_class
    where oid = relation
$$;

-- The same for a function.
create function schema_fix.revoke_grants(routine regprocedure) returns void
language sql
as $$
    select schema_fix.revoke_grants('function', routine::text, proowner, proacl)
    from pg_proc
    where oid = routine
$$;

-- Take from the API's roles what they may do with a table or view, but for those of the named privileges that
-- `authenticated` had.
create function schema_fix.revoke_privileges_except(target regclass, kept text[]) returns void
language plpgsql
as $$
declare
    granted record;
    needed text;
begin
    -- What it had through `public` it needs in its own name.
    foreach needed in array kept loop
        if has_table_privilege('authenticated', target, needed) and not exists (
            select
            from pg_class as relation
            cross join lateral aclexplode(relation.relacl) as grants
            where relation.oid = target
                and grants.grantee = 'authenticated'::regrole
                and grants.grantor = relation.relowner
                and grants.privilege_type = needed
        ) then
            execute format('grant %s on %s to authenticated', needed, target);
        end if;
    end loop;
    perform schema_fix.revoke_grants(target);

    for granted in
        select
            grants.privilege_type as privilege,
            null::name as column_name,
            case when grants.grantee = 0 then 'public' else grants.grantee::regrole::text end as grantee
        from pg_class as relation
        cross join lateral aclexplode(relation.relacl) as grants
        where relation.oid = target
            and grants.grantee in (0, 'anon'::regrole, 'authenticated'::regrole)
            and (grants.grantee <> 'authenticated'::regrole or grants.privilege_type <> all (kept))
        union all
        select
            grants.privilege_type,
            attribute.attname,
            case when grants.grantee = 0 then 'public' else grants.grantee::regrole::text end
        from pg_attribute as attribute
        cross join lateral aclexplode(attribute.attacl) as grants
        where attribute.attrelid = target
            and grants.grantee in (0, 'anon'::regrole, 'authenticated'::regrole)
            and (grants.grantee <> 'authenticated'::regrole or grants.privilege_type <> all (kept))
    loop
        execute format(
            'revoke %s%s on %s from %s',
            granted.privilege, ' (' || quote_ident(granted.column_name) || ')', target, granted.grantee
        );
    end loop;
end
$$;

-- A policy of ours on a table of the first generation. One that is there is recognised by what its rule calls.
create function schema_fix.ensure_policy(
    target regclass, policy_name name, command "char", call text, rule text
) returns void
language plpgsql
as $$
begin
    if exists (
        select
        from pg_policy
        where polrelid = target
            and polname = policy_name
            and polcmd = command
            and strpos(
                concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), call
            ) > 0
    ) then
        return;
    end if;
    execute format('drop policy if exists %I on %s', policy_name, target);
    execute format('create policy %I on %s as %s', policy_name, target, rule);
end
$$;
