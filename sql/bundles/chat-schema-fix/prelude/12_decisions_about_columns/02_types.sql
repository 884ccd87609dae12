--! Title: What has to be decided about columns that get another type

create view schema_fix.decisions_about_types (name, problem, may_be_acknowledged) as
-- Rooms that are numbered: addresses, folders and topics name them so.
select
    format('%s.%I', room.table_id, attribute.attname),
    format(
        '%s.%I is a number, and the fix makes a uuid of it: what names a room by its number would find none; let them go by the uuid: the numbers'
            ' are kept in quarantine',
        room.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as room
join pg_attribute as attribute
    on attribute.attrelid = room.table_id
    and attribute.attname = (schema_fix.columns_for(room.table_id, 'id'))[1]
    and attribute.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype)
where room.holds = 'rooms'
    and not schema_fix.was_applied()
    and exists (select from schema_fix.legacy_rooms as kept where kept.source::regclass = room.table_id)
union all
-- Times that are numbers, as clients count them.
-- mutant: who counts the time gets a text
select
    format('public.%I.%I', counted.table_name, counted.column_name),
    format(
        'public.%1$I.%2$I is a number, and the fix makes a time of it: whoever sends or compares numbers would be refused, and whoever reads one'
            ' gets a text: let them write and read times first, or acknowledge it and change them together with the fix',
        counted.table_name, counted.column_name
    ),
    true
from schema_fix.columns_that_change_type as counted
join schema_fix.present_tables as present
    on present.table_id = counted.table_id
where counted.column_type = 'timestamptz'::regtype
    and counted.typcategory = 'N'
    and present.generation = 'current'
    and not schema_fix.was_applied()
union all
-- Times that are something else: JSON, a time of day.
-- mutant: what is no time stops the fix in the middle
select
    format('public.%I.%I', other.table_name, other.column_name),
    format(
        'public.%1$I.%2$I is %3$s, of which nobody can say which time it means, and the fix makes a time of it: change its type first (alter table'
            ' public.%1$I alter %2$I type timestamptz using …)',
        other.table_name, other.column_name, format_type(other.old_type, null)
    ),
    false
from schema_fix.columns_that_change_type as other
join schema_fix.present_tables as present
    on present.table_id = other.table_id
where other.column_type = 'timestamptz'::regtype
    and (other.typcategory not in ('D', 'S', 'N') or other.old_type in ('time'::regtype, 'timetz'::regtype))
    and present.generation = 'current'
    and other.column_name in ((schema_fix.columns_for(other.table_id, 'created_at'))[1], (schema_fix.columns_for(other.table_id, 'updated_at'))[1])
    and not schema_fix.was_applied()
union all
-- Words that are objects: keys are read from them.
select
    format('%s.%I', message.table_id, attribute.attname),
    format(
        '%s.%I holds objects, of which the fix makes texts: whoever reads a key of it would find none: write the text alone first, or acknowledge'
            ' it and change whoever reads it together with the fix',
        message.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as message
join pg_attribute as attribute
    on attribute.attrelid = message.table_id
    and attribute.attname = (schema_fix.columns_for(message.table_id, 'content'))[1]
    and attribute.atttypid in ('json'::regtype, 'jsonb'::regtype)
where message.holds = 'messages'
    and not schema_fix.was_applied()
    and schema_fix.holds_objects(message.table_id, attribute.attname)
union all
-- Titles and words that compare as no text does: capitals are the same, or accents. Whoever looks for one would not find it.
select
    format('%s.%I', present.table_id, attribute.attname),
    format(
        '%s.%I is %s, which compares otherwise than the text that the fix makes of it: whoever looks for words in other capitals%s would not find'
            ' them; let them search with ilike or lower first',
        present.table_id, attribute.attname, format_type(attribute.atttypid, attribute.atttypmod),
        (
            select ', such as ' || string_agg(distinct used.function_id::text, ', ') || ','
            from schema_fix.functions_in_use as used
            where used.source ~ format('\m%s\M', present.table_name)
                and used.source ~ format('\m%s\M', lower(attribute.attname))
        )
    ),
    true
from schema_fix.present_tables as present
cross join unnest('{title,content}'::name[]) as wanted (name)
cross join lateral unnest(schema_fix.columns_for(present.table_id, wanted.name)) as found (name)
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attname = found.name
join pg_type as type
    on type.oid = attribute.atttypid
    and type.typcategory = 'S'
    and type.oid <> 'text'::regtype
where present.generation = 'current'
    and not schema_fix.was_applied()
    and (
        type.typtype = 'b' and type.typnamespace <> 'pg_catalog'::regnamespace
        or exists (select from pg_type as base where base.oid = type.typbasetype and base.typnamespace <> 'pg_catalog'::regnamespace)
        or exists (select from pg_collation where oid = attribute.attcollation and not collisdeterministic)
    )
union all
-- Words that are bytes, encrypted or packed: a text of them is another thing.
select
    format('%s.%I', message.table_id, attribute.attname),
    format('%s.%I holds bytes, of which the fix makes texts in hexadecimal: whoever decodes them would find none: decode them into a text first',
        message.table_id, attribute.attname),
    true
from schema_fix.present_tables as message
join pg_attribute as attribute
    on attribute.attrelid = message.table_id
    and attribute.attname = (schema_fix.columns_for(message.table_id, 'content'))[1]
    and attribute.atttypid = 'bytea'::regtype
where message.holds = 'messages'
    and not schema_fix.was_applied()
union all
-- People whom a token names by a word: another service signs them in, and ids of accounts are none of these words. Rows tell; where there
-- are none, the rules do.
select
    format('%s.%I', present.table_id, attribute.attname),
    format('%s.%I is a text, and rules compare it with the subject of the token: the fix makes a uuid of it: make accounts in auth.users for them'
        ' first, and hold their ids here', present.table_id, attribute.attname),
    true
from schema_fix.present_tables as present
cross join (values ('sender'), ('user_id'), ('created_by')) as fact (name)
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attname = (schema_fix.columns_for(present.table_id, fact.name))[1]
    and attribute.atttypid in ('text'::regtype, 'varchar'::regtype)
where present.generation = 'current'
    and not schema_fix.was_applied()
    and exists (
        select
        from schema_fix.texts_of_policies as texts
        where lower(texts.source) ~ format('\m%s\M', lower(attribute.attname))
            and texts.source ~* '(->>|request\.jwt\.claim\.)\s*''?sub\M'
            and texts.source !~* 'uuid'
        union all
        select
        from pg_attrdef
        where adrelid = present.table_id
            and adnum = attribute.attnum
            and pg_get_expr(adbin, adrelid) ~* '''sub'''
        union all
        -- By a function, which a default or a rule asks.
        -- mutant: people whom a function reads from the token by a word are accounts
        select
        from pg_proc as asked
        where asked.prosrc ~* '(->>|request\.jwt\.claim\.)\s*''?sub\M'
            and asked.prosrc !~* 'uuid'
            and asked.prorettype in ('text'::regtype, 'varchar'::regtype)
            and asked.pronamespace not in ('pg_catalog'::regnamespace, 'auth'::regnamespace)
            and (
                exists (
                    select
                    from pg_attrdef as given
                    where given.adrelid = present.table_id
                        and given.adnum = attribute.attnum
                        and pg_get_expr(given.adbin, given.adrelid) ~ format('\m%s\(', asked.proname)
                )
                or exists (
                    select
                    from schema_fix.texts_of_policies as texts
                    where lower(texts.source) ~ format('\m%s\M', lower(attribute.attname))
                        and texts.source ~ format('\m%s\(', asked.proname)
                )
            )
    )
    and not exists (
        select
        from schema_fix.words_written(present.table_id, attribute.attname) as word (said)
        where schema_fix.user_uuid(said) is not null
    )
union all
-- Functions that handle a column by the type that it has today, where it gets another one. Postgres compares no uuid with a text or a
-- number, finds no key in a text, and takes no other type for a result that a function has declared.
select
    used.function_id::text,
    format(
        'the function %s handles %s, of which the fix makes another type: rewrite it for the new one (%s), or acknowledge it'
            ' and change it together with the fix',
        used.function_id,
        string_agg(distinct format('%s.%I as %s', changed.table_id, changed.column_name, format_type(changed.old_type, null)), ', '),
        string_agg(
            distinct case
                when changed.column_type = 'timestamptz'::regtype then 'a time'
                else format('%I::%s wherever it is read', changed.column_name, changed.column_type::regtype)
            end,
            ', '
        )
    ),
    true
from schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.called_id
    and routine.prosqlbody is null
join schema_fix.columns_that_change_type as changed
    on (
        used.source ~ format('\m%s\M', changed.table_name)
        or changed.column_type = 'timestamptz'::regtype
        and exists (select from pg_trigger where tgrelid = changed.table_id and tgfoid = used.function_id and not tgisinternal)
    )
    -- What is a uuid wherever it is read, and in no row as it is, is one afterwards, too; so is a word of an enum that is a text.
    and case
        when (changed.column_type = 'uuid'::regtype or changed.column_type = 'text'::regtype and changed.typcategory = 'E')
            and used.source !~ '(?<!\()\*' then regexp_replace(
            used.source,
            format(
                '\m%1$s"?\s*\)?\s*::\s*%2$s\M|\mcast\s*\(\s*[\w."]*\m%1$s"?\s+as\s+%2$s\s*\)',
                lower(changed.column_name), changed.column_type::regtype
            ),
            ' ', 'g'
        )
        else used.source
    end ~ format('\m%s\M', lower(changed.column_name))
where not schema_fix.was_applied()
    and case
        when changed.typcategory = 'N' then true
        -- A view goes on saying a text, and its trigger writes what it says.
        -- mutant: what a view writes through gets the former type
        when changed.typcategory = 'S' and exists (
            select
            from pg_trigger as acting
            join pg_class as shown
                on shown.oid = acting.tgrelid
                and shown.relkind = 'v'
            cross join lateral regexp_matches(pg_get_viewdef(shown.oid), format('\m%s"?(?: AS "?(\w+))?', changed.column_name), 'g') as said (parts)
            where acting.tgfoid = used.function_id
                and used.source ~ format('\m(new|old)\s*\.\s*"?%s\M"?(?!\s*::\s*%s\M)', coalesce(lower(said.parts[1]), lower(changed.column_name)), changed.column_type::regtype)
        ) then changed.column_type <> 'text'::regtype
        when changed.column_type = 'uuid'::regtype then
            coalesce(routine.proallargtypes, routine.proargtypes::oid[]) || routine.prorettype
                && array['text'::regtype, 'varchar'::regtype, 'bpchar'::regtype]::oid[]
            or used.source ~ '\m(text|varchar|character varying)\M'
        when changed.typname in ('json', 'jsonb') then used.source ~ 'json|->'
        -- What is written or taken apart as a text: a session reads the day where it likes to.
        when changed.column_type = 'timestamptz'::regtype and changed.typcategory = 'S' then
            routine.prolang = (select oid from pg_language where lanname = 'plpgsql') and changed.old_type = any (routine.proallargtypes)
            or used.source ~ '\m(to_char|to_date|to_timestamp|split_part|substr|substring|left|right|i?like)\M'
        -- A cast, a variable, an argument or a result: no text compares with it.
        when changed.typcategory = 'E' then
            used.source ~ format(
                '(::|\mas)\s*("?public"?\s*\.\s*)?"?%1$s\M|\w\s+("?public"?\s*\.\s*)?"?%1$s"?\s*(\[\])?\s*(;|:=|default\M|not null\M)',
                lower(changed.typname)
            )
            or coalesce(routine.proallargtypes, routine.proargtypes::oid[]) || routine.prorettype && array[changed.old_type, changed.array_type]
        else routine.prolang = (select oid from pg_language where lanname = 'plpgsql')
            and changed.old_type = any (routine.proallargtypes)
    end
group by used.function_id;
