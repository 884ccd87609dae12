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

-- Takes from everybody, and from every role of the API, what they may do with a table, view or sequence; `authenticated` keeps
-- what it had of some privileges, and the other roles that the API can become keep that but for inserts: no policy names them.
create function schema_fix.revoke_privileges_except(target regclass, kept text[]) returns void
language plpgsql
as $$
declare
    needed text;
    granted record;
begin
    -- What it had through `public` it needs in its own name.
    foreach needed in array case when (select relkind from pg_class where oid = target) = 'S' then '{}' else kept end loop
        if has_table_privilege('authenticated', target, needed) and not exists (
            select
            from schema_fix.privileges
            where relation = target
                and column_name is null
                and privilege = needed
                and grantee = 'authenticated'::regrole
                and not is_passed_on
        ) then
            execute format('grant %s on %s to authenticated', needed, target);
        end if;
    end loop;

    -- An owner cannot revoke what somebody else passed on, only the grant option with which they did.
    for granted in
        -- mutant: privileges that were passed on stay
        select distinct kind, grantor::regrole as grantor
        from schema_fix.privileges
        where relation = target
            and is_passed_on
            and (grantee = 0 or array[grantee, grantor] && array['anon', 'authenticated']::regrole[]::oid[])
    loop
        execute format('revoke grant option for all on %s %s from %s cascade', granted.kind, target, granted.grantor);
    end loop;

    for granted in
        select *
        from schema_fix.privileges
        where relation = target
            and case
                when grantee in (0, 'anon'::regrole) then true
                when grantee = 'authenticated'::regrole then privilege <> all (kept)
                -- mutant: another role of the API empties the tables
                else schema_fix.is_api_role(grantee) and privilege <> all (array_remove(kept, 'INSERT'))
            end
    loop
        execute format(
            'revoke %s%s on %s %s from %s',
            granted.privilege, ' (' || quote_ident(granted.column_name) || ')', granted.kind, target, granted.grantee_name
        );
    end loop;
end
$$;

-- Whether a column is the server's to fill: an id, a number that counts, a time, or an older column that names a person. What
-- the application sends besides is the room, the person, and what it says of them.
create function schema_fix.is_set_by_server(target regclass, place smallint) returns boolean
language sql
stable
as $$
    select
        attribute.attidentity <> ''
        or coalesce(pg_get_expr(written.adbin, written.adrelid) like 'nextval(%', false)
        or exists (
            select
            from schema_fix.column_names as known
            where known.table_name = relation.relname
                and lower(replace(known.known_as, '_', '')) = lower(replace(attribute.attname, '_', ''))
                and (
                    known.column_name in ('id', 'created_at', 'updated_at')
                    -- mutant: an older column that names a person is written by whoever sends
                    or known.column_name in ('sender', 'user_id', 'created_by') and known.known_as <> known.column_name
                )
                and not exists (
                    select
                    from schema_fix.columns as sent
                    where sent.table_name = relation.relname
                        and sent.column_name = attribute.attname
                        and sent.column_name not in ('id', 'created_at', 'updated_at')
                )
        )
        -- Numbers of a table whose rows the room and the person tell apart.
        or attribute.attname in ('id', 'updated_at')
    from pg_attribute as attribute
    join pg_class as relation on relation.oid = attribute.attrelid
    left join pg_attrdef as written on written.adrelid = attribute.attrelid and written.adnum = attribute.attnum
    where attribute.attrelid = target
        and attribute.attnum = place
$$;

-- Lets `authenticated` insert into a table, but not into the columns that the server fills. A column that the fix does not know
-- goes on being written by whoever writes it.
create function schema_fix.grant_insert(target regclass) returns void
language plpgsql
as $$
declare
    is_whole constant boolean := has_table_privilege('authenticated', target, 'insert');
    is_new constant boolean := not has_any_column_privilege('authenticated', target, 'insert');
    granted record;
begin
    select
        string_agg(quote_ident(name), ', ' order by place) filter (where is_open) as open,
        bool_or(is_open and not is_granted) as is_missing,
        bool_or(is_insertable and not is_open) as is_surplus
    into granted
    from (
        select
            attname as name,
            attnum as place,
            is_insertable,
            exists (
                select
                from schema_fix.privileges
                where relation = target
                    and column_name = attname
                    and privilege = 'INSERT'
                    and grantee = 'authenticated'::regrole
            ) as is_granted,
            -- mutant: an id is chosen by whoever inserts
            not schema_fix.is_set_by_server(target, attnum)
                and (
                    is_insertable
                    or is_new
                    or exists (
                        select
                        from schema_fix.columns
                        where to_regclass('public.' || table_name) = target
                            and column_name = attname
                    )
                ) as is_open
        from pg_attribute
        cross join lateral has_column_privilege('authenticated', target, attnum, 'insert') as is_insertable
        where attrelid = target
            and attnum > 0
            and not attisdropped
    ) as columns;

    -- This takes the privileges on single columns, too.
    if is_whole or granted.is_surplus then
        execute format('revoke insert on %s from authenticated cascade', target);
    end if;
    if granted.is_missing or is_whole or granted.is_surplus then
        execute format('grant insert (%s) on %s to authenticated', granted.open, target);
    end if;
end
$$;

-- The sequences that number the rows of a table, and whether one belongs to a column or only a default takes numbers from it.
create view schema_fix.sequences as
select
    attribute.attrelid::regclass as target,
    attribute.attname as column_name,
    sequence.oid::regclass as name,
    bool_or(link.is_owned) as is_owned,
    not bool_and(link.is_owned) as is_default
from (
    select refobjid as target, refobjsubid as place, objid as sequence, true as is_owned
    from pg_depend
    where classid = 'pg_class'::regclass
        and refclassid = 'pg_class'::regclass
        and deptype in ('a', 'i')
    union all
    select adrelid, adnum, refobjid, false
    from pg_attrdef
    join pg_depend
        on classid = 'pg_attrdef'::regclass
        and objid = pg_attrdef.oid
        and refclassid = 'pg_class'::regclass
) as link
join pg_attribute as attribute
    on attribute.attrelid = link.target
    and attribute.attnum = link.place
join pg_class as sequence
    on sequence.oid = link.sequence
    and sequence.relkind = 'S'
group by attribute.attrelid, attribute.attname, sequence.oid;
