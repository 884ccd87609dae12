--! Title: Tools for what the application may insert

-- Whether a column is kept under a former name for functions that use it: a trigger keeps it equal to the column that has the new name,
-- whatever a caller writes into it.
create function schema_fix.follows_another(target regclass, column_name name) returns boolean
language sql
stable
return exists (
    select
    from pg_trigger
    where tgrelid = target
        and tgname = '00_former_' || column_name
        and tgfoid = to_regprocedure('public.chat_follow_column()')
);

-- Whether a column can name somebody: by its type, because it is called an id, or because a value is the id of an account. `author` may also
-- be a name to display, or say whether a person or an assistant wrote. What an earlier run let people write goes on being theirs, whatever
-- they have written into it since.
create function schema_fix.names_people(target regclass, column_name name) returns boolean
language plpgsql
stable
as $$
declare
    of_type record;
    names_somebody boolean;
begin
    select type.typcategory as category, coalesce(nullif(type.typbasetype, 0), type.oid) = 'uuid'::regtype as is_uuid
    into of_type
    from pg_attribute as attribute
    join pg_type as type on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = column_name;
    if of_type.is_uuid or of_type.category = 'N' or column_name ~* 'id$' then
        return true;
    elsif of_type.category not in ('S', 'U')
        or schema_fix.was_applied()
        and not has_table_privilege('authenticated', target, 'insert')
        and has_column_privilege('authenticated', target, column_name, 'insert')
    then
        return false;
    end if;
    execute format(
        'select exists (select from %s where schema_fix.user_uuid(btrim(%I::text, ''"'')) is not null)', target, column_name
    )
    into names_somebody;
    return names_somebody;
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
                and schema_fix.spelling(known.known_as) = schema_fix.spelling(attribute.attname)
                and (
                    known.column_name in ('id', 'created_at', 'updated_at')
                    -- mutant: an older column that names a person is written by whoever sends
                    or known.column_name in ('sender', 'user_id', 'created_by')
                        and known.known_as <> known.column_name
                        and not schema_fix.follows_another(target, attribute.attname)
                        and schema_fix.names_people(target, attribute.attname)
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

-- Whether a trigger gives new rows a value in a column.
create function schema_fix.is_filled_by_trigger(target regclass, column_name name) returns boolean
language sql
stable
return exists (
    select
    from pg_trigger as filling
    join pg_proc as routine
        on routine.oid = filling.tgfoid
    join pg_language as language
        on language.oid = routine.prolang
    where filling.tgrelid = target
        and not filling.tgisinternal
        and filling.tgenabled in ('O', 'A')
        -- For each row, before an insert.
        and filling.tgtype & 7 = 7
        and (
            language.lanname <> 'plpgsql'
            or routine.prosrc ~* format(
                '(^|;|\m(begin|then|else|loop)\M)\s*new(\s*\.\s*"?%1$s"?)?\s*:?=|\minto\s+[^;]*\mnew\s*(\.\s*"?%1$s\M|;|$)', column_name
            )
        )
);

-- Lets `authenticated` insert into some tables, but not into the columns that the server fills. A column that the fix does not know
-- can still be written, where it could be.
create function schema_fix.grant_insert(targets regclass[]) returns void
language plpgsql
as $$
declare
    granted record;
begin
    for granted in
        select
            target,
            string_agg(quote_ident(name), ', ' order by place) filter (where is_open) as open,
            bool_or(is_open and not is_granted) as is_missing,
            is_whole or bool_or(is_insertable and not is_open) as is_surplus
        from (
            select
                target,
                is_whole,
                attname as name,
                attnum as place,
                is_insertable,
                exists (
                    select
                    from schema_fix.privileges
                    where relation_id = target
                        and column_name = attname
                        and privilege = 'INSERT'
                        and grantee = 'authenticated'::regrole
                ) as is_granted,
                -- mutant: an id is chosen by whoever inserts
                not schema_fix.is_set_by_server(target, attnum)
                    and (
                        is_insertable
                        or schema_fix.follows_another(target, attname)
                        or exists (
                            select from schema_fix.columns where to_regclass('public.' || table_name) = target and column_name = attname
                        )
                    ) as is_open
            from unnest(targets) as target
            cross join has_table_privilege('authenticated', target, 'insert') as is_whole
            join pg_attribute
                on attrelid = target
                and attnum > 0
                and not attisdropped
            cross join lateral has_column_privilege('authenticated', target, attnum, 'insert') as is_insertable
        ) as columns
        group by target, is_whole
    loop
        -- This revokes the privileges on single columns, too.
        if granted.is_surplus then
            execute format('revoke insert on %s from authenticated cascade', granted.target);
        end if;
        if granted.is_missing or granted.is_surplus then
            execute format('grant insert (%s) on %s to authenticated', granted.open, granted.target);
        end if;
    end loop;
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
