--! Title: What has to be decided about keys of rooms and titles of groups

-- The functions that give a group a title which its creator may have used before: what is not null, and neither an id of its own nor a number.
create view schema_fix.functions_that_name_groups as
select distinct used.function_id, room.table_id
from schema_fix.functions_in_use as used
cross join lateral (select schema_fix.table_called('chat_rooms') as table_id) as room
cross join lateral regexp_replace(
    used.source_with_constants, '\m(gen_random_uuid|uuid_generate_v\d|nextval)\s*\([^()]*\)', '\1', 'g'
) as body (source)
cross join lateral schema_fix.rows_inserted(body.source, 'chat_rooms') as made
cross join lateral unnest(schema_fix.columns_for(room.table_id, 'title')) as title (name)
cross join lateral (
    select case when cardinality(made.columns) = cardinality(made.given) then made.given end as told_apart
) as row
cross join lateral (select row.told_apart[array_position(made.columns, lower(title.name))] as title) as given
where not schema_fix.was_applied()
    and used.called_id = used.function_id
    and lower(title.name) = any (made.columns)
    and coalesce(given.title, '') !~ '^null\M'
    and not exists (
        select
        from string_to_table(given.title, '||') as part (written)
        where btrim(part.written) ~ '^(gen_random_uuid|uuid_generate_v\d|nextval)(::\w+)?$'
            -- A row is inserted once, and may be changed again.
            or btrim(part.written) ~ '^new\.id(::\w+)?$'
            and not exists (select from pg_trigger where tgfoid = used.function_id and tgtype & 16 <> 0)
    )
    and not exists (
        select
        from unnest(schema_fix.columns_for(room.table_id, 'type')) as type (name)
        where schema_fix.meaning_of(
            'type', substring(row.told_apart[array_position(made.columns, lower(type.name))] from '^''([^'']*)''')
        ) = 'dm'
    )
    -- A rule of today that refuses the second one already.
    and not exists (
        select
        from pg_index as index
        cross join lateral (
            select array_agg(attribute.attname) as names
            from pg_attribute as attribute
            where attribute.attrelid = index.indrelid
                and attribute.attnum > 0
                and (
                    attribute.attnum = any (index.indkey::smallint[])
                    or exists (
                        select
                        from pg_depend
                        where classid = 'pg_class'::regclass
                            and objid = index.indexrelid
                            and refclassid = 'pg_class'::regclass
                            and refobjid = index.indrelid
                            and refobjsubid = attribute.attnum
                    )
                )
        ) as told
        where index.indrelid = room.table_id
            and index.indisunique
            and index.indisvalid
            and coalesce(pg_get_expr(index.indpred, index.indrelid), '''group''') ~ '''group'''
            and title.name = any (told.names)
            and told.names <@ (
                schema_fix.columns_for(room.table_id, 'title') || schema_fix.columns_for(room.table_id, 'created_by')
                || schema_fix.columns_for(room.table_id, 'type')
            )
    )
union
-- Rows without a list of columns: any of the values may be the title.
select writing.function_id, writing.table_id
from schema_fix.writes_of_functions as writing
where writing.table_name = 'chat_rooms'
    and writing.verb = 'insert into'
    and writing.listed is null
    and writing.rest !~ '^ ?default values';

create view schema_fix.decisions_about_constraints (name, problem, may_be_acknowledged) as
-- A rule that does something else instead of deleting: a room could not take its messages and members along.
select
    format('%s.%s', rule.ev_class::regclass, rule.rulename),
    format('the rule %I on %s replaces deletions: deleting a room would leave its rows behind; use a trigger instead', rule.rulename, rule.ev_class::regclass),
    true
from pg_rewrite as rule
join schema_fix.tables
    on generation = 'current'
    and schema_fix.table_called(table_name) = rule.ev_class
where rule.ev_type = '4'
    and rule.is_instead
    and rule.ev_enabled <> 'D'
union all
-- Keys of several columns, which the fix replaces by one on the room alone, and a key of rooms to memberships, of which there are two tables.
select
    format('%s.%s', key.conrelid::regclass, key.conname),
    format(found.problem, key.conname, key.conrelid::regclass, key.confrelid::regclass, pg_get_constraintdef(key.oid)),
    present.holds <> 'rooms' or parent.holds = 'rooms'
from pg_constraint as key
join schema_fix.present_tables as present
    on present.table_id = key.conrelid
    and present.generation = 'current'
join schema_fix.present_tables as parent
    on parent.table_id = key.confrelid
cross join lateral (
    select case
        -- A tenant, for example.
        when parent.holds = 'rooms' and cardinality(key.conkey) > 1
            then 'the key %1$I of %2$s has more columns than the room''s id: %4$s; the foreign key of the fix has that alone: check the others in a trigger or a restrictive policy'
        -- mutant: a key of messages to memberships goes without a word
        when present.holds = 'messages' and parent.holds = 'members' and cardinality(key.conkey) > 1
            then 'the key %1$I of %2$s leads to memberships and goes: %4$s; the server could write for people who are in no room, and '
                || case key.confdeltype
                    when 'c' then 'messages of whoever leaves would no longer be deleted with the membership: delete them in a trigger instead'
                    when 'n' then 'messages of whoever leaves would no longer lose what the key names: set it to null in a trigger instead'
                    when 'd' then 'messages of whoever leaves would no longer get the defaults of what the key names: set them in a trigger instead'
                    else 'whoever has written could leave, which the key refuses: check it in a trigger instead'
                end
        -- mutant: a key of rooms to memberships lets nobody open a conversation
        when present.holds = 'rooms' and parent.holds = 'members'
            then 'the key %1$I of %2$s leads to %3$s, and with the fix the people of groups are in public.chat_room_members, those of conversations'
                ' of two in public.room_members: rooms of one kind could not be made; drop the key'
    end as problem
) as found
where key.contype = 'f'
    and found.problem is not null
    and not schema_fix.was_applied()
union all
-- A rule that makes titles unique together with what the fix does not know, a workspace: with the fix they are unique for each creator.
select
    index.indexrelid::regclass::text,
    format(
        'the unique index %s allows groups with the same title if %s differs; after the fix a creator has only one group with a title:'
            ' acknowledge it, if titles may be',
        index.indexrelid::regclass, string_agg(other.attname, ', ' order by other.attnum)
    ),
    true
from pg_index as index
join pg_attribute as other
    on other.attrelid = index.indrelid
    and other.attnum = any (index.indkey::smallint[])
    and other.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = index.indrelid)
where index.indrelid = schema_fix.table_called('chat_rooms')
    and index.indisunique
    and not schema_fix.was_applied()
    and exists (
        select
        from unnest(schema_fix.columns_for(index.indrelid, 'title')) as title (name)
        where pg_get_indexdef(index.indexrelid) ~ format('\m%s\M', title.name)
    )
group by index.indexrelid
union all
-- A key that leads to the titles of rooms, by a rule that the fix drops.
-- mutant: a key to a title stops the fix in the middle
select
    format('%s.%s', key.conrelid::regclass, key.conname),
    format(
        'the key %I of %s leads to the titles of %s, which are unique no more with the fix: each creator has groups of any name, and conversations'
            ' have the same: refer to the room by its id, and drop the key',
        key.conname, key.conrelid::regclass, key.confrelid::regclass
    ),
    false
from pg_constraint as key
where key.contype = 'f'
    and key.confrelid = schema_fix.table_called('chat_rooms')
    and schema_fix.place_of(key.confrelid, (schema_fix.columns_for(key.confrelid, 'title'))[1]) = any (key.confkey)
    and not schema_fix.was_applied()
union all
-- A rule by which what is made of the title is unique, a slug, and rooms that move have one that another room has.
-- mutant: a slug that two rooms would have stops the fix in the middle
select
    index.indexrelid::regclass::text,
    format(
        'the unique index %s is on %I, which is made of the title, and of the rooms that move into %s some have the title of another: drop it, and find'
            ' rooms by their id; or give them other titles first',
        index.indexrelid::regclass, computed.attname, index.indrelid::regclass
    ),
    false
from pg_index as index
join pg_attribute as computed
    on computed.attrelid = index.indrelid
    and computed.attnum = any (index.indkey::smallint[])
    and computed.attgenerated <> ''
join pg_attrdef as made
    on made.adrelid = computed.attrelid
    and made.adnum = computed.attnum
    and pg_get_expr(made.adbin, made.adrelid) ~ format('\m%s\M', (schema_fix.columns_for(index.indrelid, 'title'))[1])
where index.indrelid = schema_fix.table_called('chat_rooms')
    and index.indisunique
    and not schema_fix.was_applied()
    and exists (
        select
        from schema_fix.legacy_rooms as room
        -- A room without a title gets its slug as one. Every pair of rooms, compared, would hold the locks.
        cross join lateral (select regexp_replace(lower(coalesce(room.title, room.slug)), '\W', '', 'g') as slug) as made_of
        where made_of.slug is not null
        group by made_of.slug
        having count(distinct room.id) > 1 and bool_or(room.source = 'public.rooms')
    )
union all
-- A name that every room is given where nobody gives it one: one creator has one group of a name. Section 04 drops such a default, and
-- an empty one without asking.
select
    format('%s.%I', attribute.attrelid::regclass, attribute.attname),
    format(
        '%s.%I has the default %s, which goes: one creator has one group of a name, and a second one would be refused: leave the title empty, or'
            ' acknowledge it, and the default is dropped',
        attribute.attrelid::regclass, attribute.attname, pg_get_expr(given.adbin, given.adrelid)
    ),
    true
from pg_attribute as attribute
join pg_attrdef as given
    on given.adrelid = attribute.attrelid
    and given.adnum = attribute.attnum
where attribute.attrelid = schema_fix.table_called('chat_rooms')
    and attribute.attname = any (schema_fix.columns_for(attribute.attrelid, 'title'))
    and pg_get_expr(given.adbin, given.adrelid) ~ '^''.*[^[:space:]].*''(::[a-z ]+(\(\d+\))?)?$'
    and not schema_fix.was_applied()
union all
-- A name that clients give, or the server to each of its rooms: rows tell that it is an everyday one. Of one creator alone, who may have clicked
-- twice, only where each group has other people in it.
-- mutant: a group of a name that everybody uses is refused from then on
-- mutant: the next room that the server gives the name of all is refused
select
    format('%s.%I', room.table_id, title.name),
    format(
        '%s creators have %s groups in %s.%I whose title each of them has several of, %s: the application may write it, and with the'
            ' fix one creator has one group of a title: the next would be refused: leave the title empty, or acknowledge it, if it is not written again',
        count(distinct named.created_by), sum(named.groups), room.table_id, title.name,
        case when bool_or(named.creators > 1) then 'and so has another' else 'with other people in each' end
    ),
    true
from schema_fix.present_tables as room
cross join lateral (select (schema_fix.columns_for(room.table_id, 'title'))[1] as name) as title
join (
    select repeated.*, count(*) over (partition by repeated.source, repeated.title) as creators
    from (
        select
            kept.source, kept.created_by, lower(btrim(kept.title)) as title, count(*) as groups,
            count(distinct nullif(array_remove(circle.people, kept.created_by), '{}')) as circles
        from schema_fix.legacy_rooms as kept
        left join (
            select room_id, array_agg(distinct user_id) as people
            from schema_fix.legacy_members
            where status = 'approved'
            group by room_id
        ) as circle
            on circle.room_id = kept.id
        where kept.type is distinct from 'dm'
            and kept.created_by is not null
            and btrim(kept.title) <> ''
        group by kept.source, kept.created_by, lower(btrim(kept.title))
        having count(*) > 1
    ) as repeated
) as named
    on named.source::regclass = room.table_id
    and (named.creators > 1 or named.circles > 2)
where room.table_name = 'chat_rooms'
    and not schema_fix.was_applied()
group by room.table_id, title.name;
