--! Title: Tools for privileges

-- Takes every privilege on an object from everybody but its owner and the roles to keep, and from these the right to pass
-- theirs on. Default privileges may have given them to any role. Writes nothing down where there is nothing to take.
create function schema_fix.revoke_from_others(kind text, object text, owner oid, privileges aclitem[], kept regrole[])
returns void
language plpgsql
as $$
declare
    holder record;
begin
    for holder in
        select
            case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end as name,
            granted.grantee = any (kept::oid[]) as is_kept
        from aclexplode(nullif(privileges, '{}')) as granted
        where granted.grantee <> owner
            and (granted.grantee <> all (kept::oid[]) or granted.is_grantable)
        group by granted.grantee
    loop
        execute format(
            'revoke %s on %s %s from %s cascade',
            case when holder.is_kept then 'grant option for all' else 'all' end, kind, object, holder.name
        );
    end loop;
end
$$;

-- The same for a function.
create function schema_fix.revoke_from_others(routine regprocedure, kept regrole[]) returns void
language sql
as $$
    select schema_fix.revoke_from_others(
        'function', routine::text, proowner, coalesce(proacl, acldefault('f', proowner)), kept
    )
    from pg_proc
    where oid = routine
$$;

-- The same for a table or view with its columns, or a sequence.
create function schema_fix.revoke_from_others(relation regclass, kept regrole[]) returns void
language sql
as $$
    select schema_fix.revoke_from_others(
        case relkind when 'S' then 'sequence' else 'table' end,
        relation::text,
        relowner,
        relacl || array(
            select unnest(attacl)
            from pg_attribute
            where attrelid = relation
        ),
        kept
    )
    from pg_class
    where oid = relation
$$;

-- What others than its owner may do with a table, view or sequence, or with one of its columns.
create view schema_fix.privileges as
select
    relation.oid as relation_id,
    relation.oid::regclass as relation,
    case relation.relkind when 'S' then 'sequence' else 'table' end as kind,
    acl.column_name,
    granted.privilege_type as privilege,
    granted.grantee,
    case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end as grantee_name,
    granted.grantor,
    granted.grantor <> relation.relowner as is_passed_on
from pg_class as relation
cross join lateral (
    select relation.relacl as privileges, null::name as column_name
    union all
    select attacl, attname
    from pg_attribute
    where attrelid = relation.oid
) as acl
cross join lateral aclexplode(acl.privileges) as granted
where granted.grantee <> relation.relowner;

-- Revokes from everybody, and from every API role, what they may do with some tables, views or sequences. `authenticated` keeps what it
-- had of some privileges, and the other roles that the API can become keep that except for inserts: no policy is for them. Nor is one for visitors,
-- who may go on asking for no row where something of a public page reads a table on their behalf.
create function schema_fix.revoke_privileges_except(targets regclass[], kept text[]) returns void
language plpgsql
as $$
declare
    granted record;
    read_for_visitors constant oid[] := array(
        select target
        from unnest(targets) as target
        -- No policy of the four is for visitors.
        where schema_fix.is_ours(target)
            and schema_fix.is_read_for_visitors(target)
    );
begin
    -- What they had through `public` they need in their own name.
    for granted in
        select target, needed, role.name as grantee_name
        from unnest(targets) as target
        join pg_class
            on oid = target
        cross join unnest(kept) as needed
        cross join (values ('authenticated'::regrole), ('anon')) as role (name)
        where case relkind when 'S' then false else has_table_privilege(role.name, target, needed) end
            and (role.name = 'authenticated'::regrole or needed = 'SELECT' and target = any (read_for_visitors))
            and not exists (
                select
                from schema_fix.privileges
                where relation_id = target
                    and column_name is null
                    and privilege = needed
                    and grantee = role.name
                    and not is_passed_on
            )
    loop
        execute format('grant %s on %s to %s', granted.needed, granted.target, granted.grantee_name);
    end loop;

    -- An owner cannot revoke what another role granted, only the grant option with which it did.
    for granted in
        -- mutant: privileges that were passed on stay
        select distinct relation, kind, grantor::regrole as grantor
        from schema_fix.privileges
        where relation_id = any (targets)
            and is_passed_on
            and (grantee = 0 or array[grantee, grantor] && array['anon', 'authenticated']::regrole[]::oid[])
    loop
        execute format('revoke grant option for all on %s %s from %s cascade', granted.kind, granted.relation, granted.grantor);
    end loop;

    for granted in
        select *
        from schema_fix.privileges
        where relation_id = any (targets)
            and case
                when grantee = 0 then true
                when grantee = 'anon'::regrole then privilege <> 'SELECT' or relation_id <> all (read_for_visitors)
                when grantee = 'authenticated'::regrole then privilege <> all (kept)
                -- mutant: another role of the API empties the tables
                else privilege <> all (array_remove(kept, 'INSERT')) and schema_fix.is_api_role(grantee)
            end
    loop
        execute format(
            'revoke %s%s on %s %s from %s',
            granted.privilege, ' (' || quote_ident(granted.column_name) || ')', granted.kind, granted.relation, granted.grantee_name
        );
    end loop;
end
$$;
