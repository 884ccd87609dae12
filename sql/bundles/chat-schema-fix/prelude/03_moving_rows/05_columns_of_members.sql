--! Title: Tools for the columns of memberships that move

-- Gives a column that came along from another table the default that it has there: what is in the table already is left as it is.
create function schema_fix.carry_default(source regclass, destination regclass, carried name) returns void
language plpgsql
as $$
declare
    given constant text := (
        select pg_get_expr(formula.adbin, formula.adrelid)
        from pg_attrdef as formula
        join pg_attribute as attribute
            on attribute.attrelid = formula.adrelid
            and attribute.attnum = formula.adnum
        where formula.adrelid = source
            and attribute.attname = carried
            and attribute.attgenerated = ''
    );
begin
    if given is not null then
        execute format('alter table %s alter column %I set default %s', destination, carried, given);
    end if;
end
$$;

-- Adds to a table of members the columns that memberships bring along when they come there from another one, as far as any of
-- those (a query, as for add_members, with row_data) says something in them, but for some names. Returns their names.
create function schema_fix.add_columns_of_members(people text, source regclass, destination regclass, left_out name[] default '{id}') returns name[]
language plpgsql
as $$
declare
    carried record;
    is_filled boolean;
    names name[] := '{}';
begin
    for carried in
        select
            attribute.attname as name,
            format_type(attribute.atttypid, attribute.atttypmod) as type,
            there.attname is not null as is_there,
            there.atttypid <> attribute.atttypid
                and there.atttypid <> 'text'::regtype
                and not exists (
                    select from pg_cast
                    where castsource = attribute.atttypid and casttarget = there.atttypid and castcontext = 'i'
                ) as is_of_another_type,
            format_type(there.atttypid, there.atttypmod) as type_there
        from pg_attribute as attribute
        left join pg_attribute as there
            on there.attrelid = destination
            and there.attname = attribute.attname
            and there.attnum > 0
        where attribute.attrelid = source
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attname <> all (schema_fix.columns_named(source, left_out))
            and not exists (
                select
                from schema_fix.column_names as known
                where known.table_name = (select relname from pg_class where oid = source)
                    and attribute.attname = any (schema_fix.columns_for(source, known.column_name))
            )
        order by attribute.attnum
    loop
        execute format('select exists (select from (%s) as person where person.row_data ->> %L is not null)', people, carried.name)
        into is_filled;
        continue when not is_filled;
        if carried.is_of_another_type then
            raise exception '%.% is %, and %.% is %', source, quote_ident(carried.name), carried.type,
                destination, quote_ident(carried.name), carried.type_there
                using
                    errcode = 'feature_not_supported',
                    hint = 'Memberships move from the one table to the other and take the value along. '
                        'Give both columns the same type, or rename one of them.';
        end if;
        if not carried.is_there then
            -- mutant: memberships leave behind what they carry
            execute format('alter table %s add column %I %s', destination, carried.name, carried.type);
            perform schema_fix.carry_default(source, destination, carried.name);
        end if;
        names := names || carried.name;
    end loop;
    return names;
end
$$;

-- Whether nobody has a membership in a room and nobody but its creator has written in it. Its body is not parsed before it is
-- called: the tables may not be there yet.
create function schema_fix.is_unused_by_others(room uuid, creator uuid) returns boolean
language plpgsql
stable
as $$
#variable_conflict use_variable
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

-- Copies to quarantine the memberships that meet a condition (on the alias `stray`) and say a role or status by another word than
-- the fix's: the word is replaced, or left behind, and nothing else would tell who was an owner or a moderator, and who had left.
create function schema_fix.keep_words_of_members(target regclass, condition text default 'true') returns void
language plpgsql
as $$
declare
    says_more constant text := (
        select string_agg(
            format('btrim(stray.%I::text) <> '''' and stray.%1$I::text <> all (%L)', found.name, fact.words), ' or '
        )
        from (values ('role', '{admin,member}'), ('status', '{approved,pending,blocked}')) as fact (column_name, words)
        cross join lateral unnest((schema_fix.columns_for(target, fact.column_name))[1:1]) as found (name)
    );
begin
    -- mutant: the words for roles and statuses are forgotten
    if says_more is not null then
        perform schema_fix.copy_to_quarantine(
            target,
            format('(%s) and (%s)', condition, says_more),
            'a copy of a membership: its role or status is another word now'
        );
    end if;
end
$$;
