--! Title: What messages may carry instead of words

-- The columns of messages for what they say, where all of them may be null.
create view schema_fix.optional_content as
select relation.table_id, found.names
from schema_fix.present_tables as relation
cross join lateral schema_fix.columns_for(relation.table_id, 'content') as found (names)
where relation.table_name = 'chat_messages'
    and found.names <> '{}'
    and not exists (
        select
        from pg_attribute
        where attrelid = relation.table_id
            and attname = any (found.names)
            and (attnotnull or atthasdef)
    );

-- Columns in which a message may carry something else than words: a file, a place, a kind, that it was taken back. `is_carried` is the condition
-- that one does, beside what every row has; `by_name` says that the name of the column, or a word that it may hold, is that of a file or the like.
create view schema_fix.columns_that_carry as
select
    optional.table_id,
    attribute.attname as name,
    case
        when type.typcategory in ('B', 'D') then format('coalesce(%I::text, ''false'') <> ''false''', attribute.attname)
        else format('btrim(%I::text) not in ('''', ''{}'', ''[]'', ''null'', %L)', attribute.attname, coalesce(preset.literal, ''))
    end as is_carried,
    attribute.attname ~* media.names
        or exists (
            select
            from pg_constraint
            where conrelid = optional.table_id
                and contype = 'c'
                and conkey = array[attribute.attnum]
                and pg_get_constraintdef(oid) ~* media.words
        )
        or exists (
            select
            from pg_enum
            where enumtypid = attribute.atttypid
                and quote_literal(enumlabel) ~* media.words
        ) as by_name
from schema_fix.optional_content as optional
cross join schema_fix.names_of_media as media
join pg_attribute as attribute
    on attribute.attrelid = optional.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.attidentity = ''
    and attribute.attgenerated = ''
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = optional.table_id)
join pg_type as type
    on type.oid = attribute.atttypid
left join lateral (
    select substring(pg_get_expr(adbin, adrelid) from '^''((?:[^'']|'''')*)''::') as literal
    from pg_attrdef
    where adrelid = optional.table_id
        and adnum = attribute.attnum
) as preset
    on true
-- What the server fills in each row tells nothing.
where (not attribute.atthasdef or preset.literal is not null or type.typcategory = 'B')
    and type.oid <> 'tsvector'::regtype
    and (
        type.typcategory in ('S', 'E', 'U', 'A', 'G')
        or type.typcategory = 'N'
        and exists (
            select
            from pg_constraint
            where conrelid = optional.table_id
                and contype = 'f'
                and confrelid <> optional.table_id
                and conkey = array[attribute.attnum]
        )
        or type.typcategory in ('B', 'D')
        and attribute.attname ~* '(delet|remov|retract|unsent|recall)'
    );

-- Tables of which a row belongs to a message and says something, in a column that tells no row from another (a reaction does, and who read it):
-- attachments. `is_theirs` is the condition that one belongs to a message; `by_name` as above.
create view schema_fix.tables_that_carry as
select
    key.conrelid::regclass as table_id,
    format(
        'exists (select from %s as hanging where %s)',
        key.conrelid::regclass,
        string_agg(format('hanging.%I = message.%I', own.attname, theirs.attname), ' and ' order by pair.own)
    ) as is_theirs,
    bool_or(pg_class.relname ~* media.names) as by_name
from schema_fix.optional_content as optional
join pg_constraint as key
    on key.confrelid = optional.table_id
    and key.contype = 'f'
    and key.conrelid not in (select table_id from schema_fix.present_tables)
join pg_class
    on pg_class.oid = key.conrelid
cross join schema_fix.names_of_media as media
cross join lateral unnest(key.conkey, key.confkey) as pair (own, theirs)
join pg_attribute as own
    on own.attrelid = key.conrelid
    and own.attnum = pair.own
join pg_attribute as theirs
    on theirs.attrelid = key.confrelid
    and theirs.attnum = pair.theirs
where has_table_privilege(key.conrelid, 'select')
    and exists (
        select
        from pg_attribute as said
        join pg_type as type
            on type.oid = said.atttypid
            and type.typcategory in ('S', 'U', 'A')
            and type.oid <> 'uuid'::regtype
        where said.attrelid = key.conrelid
            and said.attnum > 0
            and not said.attisdropped
            and not exists (
                select
                from pg_index
                where indrelid = key.conrelid
                    and indisunique
                    and said.attnum = any (indkey::int2 [])
            )
    )
group by key.oid, key.conrelid;

-- How many messages say nothing and meet any of the conditions; null where there are none.
create function schema_fix.messages_without_words(target regclass, words name[], conditions text[]) returns bigint
language plpgsql
stable
as $$
declare
    counted bigint;
begin
    if conditions is not null then
        execute format(
            'select count(*) from %s as message where num_nonnulls(%s) = 0 and (%s)',
            target, (select string_agg(quote_ident(name), ', ') from unnest(words) as name), array_to_string(conditions, ' or ')
        ) into counted;
    end if;
    return counted;
end
$$;

-- Whether any message meets one of the conditions.
create function schema_fix.has_message(target regclass, conditions text[]) returns boolean
language plpgsql
stable
as $$
declare
    found boolean;
begin
    execute format('select exists (select from %s as message where %s)', target, array_to_string(conditions, ' or ')) into found;
    return found;
end
$$;
