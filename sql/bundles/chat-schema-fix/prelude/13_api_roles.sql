--! Title: Tools that know whom the API can become

-- Whether a role is the API's: the two that its requests run as, the one that becomes them, and whatever these can become in
-- turn. A role past which no policy counts, and the one that runs the fix, are trusted with everything already.
create function schema_fix.is_api_role(id oid) returns boolean
language sql
stable
as $$
    select coalesce(
        (
            select
                not (role.rolsuper or role.rolbypassrls)
                and role.rolname <> current_user
                and exists (
                    select
                    from pg_roles as api
                    where api.rolname in ('anon', 'authenticated', 'authenticator')
                        and pg_has_role(api.oid, role.oid, 'member')
                )
            from pg_roles as role
            where role.oid = id
        ),
        false
    )
$$;

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

-- Whether nobody has a membership in a room and nobody but its creator has written in it. Its body is not parsed before it is
-- called: the tables may not be there yet.
create function schema_fix.is_unused_by_others(room uuid, creator uuid) returns boolean
language plpgsql
stable
as $$
begin
    return not exists (select from public.chat_room_members as member where member.room_id = room)
        and not exists (select from public.room_members as person where person.room_id = room)
        and not exists (
            select
            from public.chat_messages as message
            where message.room_id = room
                and message.sender is distinct from creator
        );
end
$$;
