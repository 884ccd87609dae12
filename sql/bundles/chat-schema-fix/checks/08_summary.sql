--! Title: Summary Statistics

-- How much there is of everything, and none of what must not be. Constraints could say so too; this asks the rows.
with measures (object, expected, needs, query) as (
    values
        (
            'direct conversations', 'counted', array['public.chat_rooms.type'],
            'select count(*) as n from public.chat_rooms where type::text = ''dm'''
        ),
        (
            'groups', 'counted', array['public.chat_rooms.type'],
            'select count(*) as n from public.chat_rooms where type::text = ''group'''
        ),
        (
            'rooms of no known type', '0', array['public.chat_rooms.type'],
            'select count(*) as n from public.chat_rooms where (type::text in (''dm'', ''group'')) is not true'
        ),
        (
            'people in direct conversations', 'counted', array['public.room_members.room_id'],
            'select count(*) as n from public.room_members'
        ),
        (
            'people of unknown rooms', '0', array['public.room_members.room_id', 'public.chat_rooms.id'],
            'select count(*) as n from public.room_members as person where not exists (
                select from public.chat_rooms as room where room.id::text = person.room_id::text
            )'
        ),
        (
            'people of a group who are missing among its members', '0',
            array[
                'public.room_members.room_id', 'public.room_members.user_id', 'public.chat_room_members.room_id',
                'public.chat_room_members.user_id', 'public.chat_rooms.id', 'public.chat_rooms.type'
            ],
            'select count(*) as n from public.room_members as person
            join public.chat_rooms as room on room.id::text = person.room_id::text and room.type::text = ''group''
            where not exists (
                select from public.chat_room_members as member
                where member.room_id::text = person.room_id::text and member.user_id::text = person.user_id::text
            )'
        ),
        (
            'members of groups, approved', 'counted', array['public.chat_room_members.status'],
            'select count(*) as n from public.chat_room_members where status::text = ''approved'''
        ),
        (
            'members of groups, pending', 'counted', array['public.chat_room_members.status'],
            'select count(*) as n from public.chat_room_members where status::text = ''pending'''
        ),
        (
            'members of groups, blocked', 'counted', array['public.chat_room_members.status'],
            'select count(*) as n from public.chat_room_members where status::text = ''blocked'''
        ),
        (
            'members of no known status or role', '0',
            array['public.chat_room_members.status', 'public.chat_room_members.role'],
            'select count(*) as n from public.chat_room_members where (
                status::text in (''approved'', ''pending'', ''blocked'') and role::text in (''admin'', ''member'')
            ) is not true'
        ),
        (
            'memberships of unknown rooms', '0', array['public.chat_room_members.room_id', 'public.chat_rooms.id'],
            'select count(*) as n from public.chat_room_members as member where not exists (
                select from public.chat_rooms as room where room.id::text = member.room_id::text
            )'
        ),
        (
            'members approved in a direct conversation who are missing among its people', '0',
            array[
                'public.room_members.room_id', 'public.room_members.user_id', 'public.chat_room_members.room_id',
                'public.chat_room_members.user_id', 'public.chat_room_members.status', 'public.chat_rooms.id',
                'public.chat_rooms.type'
            ],
            'select count(*) as n from public.chat_room_members as member
            join public.chat_rooms as room on room.id::text = member.room_id::text and room.type::text = ''dm''
            where member.status::text = ''approved'' and not exists (
                select from public.room_members as person
                where person.room_id::text = member.room_id::text and person.user_id::text = member.user_id::text
            )'
        ),
        (
            'messages', 'counted', array['public.chat_messages.room_id'],
            'select count(*) as n from public.chat_messages'
        ),
        (
            'messages without id, room or content', '0',
            array['public.chat_messages.id', 'public.chat_messages.room_id', 'public.chat_messages.content'],
            'select count(*) as n from public.chat_messages where id is null or room_id is null or content is null'
        ),
        (
            'messages without a sender', 'counted', array['public.chat_messages.sender'],
            'select count(*) as n from public.chat_messages where sender is null'
        ),
        (
            'messages of unknown rooms', '0', array['public.chat_messages.room_id:uuid', 'public.chat_rooms.id:uuid'],
            'select count(*) as n from public.chat_messages as message where not exists (
                select from public.chat_rooms as room where room.id = message.room_id
            )'
        ),
        (
            'rows in quarantine', 'counted', array['chat_quarantine.rows.row_data'],
            'select count(*) as n from chat_quarantine.rows'
        )
),
needed as (
    select
        measures.object,
        relation.name,
        -- Never a view of that name: reading it would run what is in it.
        (
            select oid from pg_catalog.pg_class
            where oid = pg_catalog.to_regclass(relation.name) and relkind in ('r', 'p')
        ) as relation,
        attribute.attname,
        pg_catalog.split_part(need, ':', 1) as column_name,
        nullif(pg_catalog.split_part(need, ':', 2), '') as type,
        pg_catalog.format_type(attribute.atttypid, null) as actual_type
    from measures
    cross join pg_catalog.unnest(measures.needs) as need
    cross join lateral (
        select pg_catalog.split_part(need, '.', 1) || '.' || pg_catalog.split_part(need, '.', 2) as name
    ) as relation
    left join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = pg_catalog.to_regclass(relation.name)
        and attribute.attname = pg_catalog.split_part(pg_catalog.split_part(need, '.', 3), ':', 1)
        and not attribute.attisdropped
),
-- What keeps a measure from being taken. What row level security hides would be counted as not there.
obstacles as (
    select
        object,
        pg_catalog.string_agg(
            distinct case
                when relation is null then 'no table ' || name
                when attname is null then 'no column ' || column_name
                when type <> actual_type then column_name || ' is ' || actual_type
                when not pg_catalog.has_table_privilege(relation, 'select') then name || ' may not be read'
                when pg_catalog.row_security_active(relation) then name || ' is hidden by row level security'
            end,
            ', '
        ) as obstacle
    from needed
    group by object
),
-- Read from within this one query, and only where nothing is in the way.
taken as (
    select
        measures.object,
        measures.expected,
        obstacles.obstacle,
        case
            when obstacles.obstacle is null then
                pg_catalog.substring(
                    pg_catalog.query_to_xml(measures.query, false, true, '')::text, '<n>(\d+)</n>'
                )
        end as actual
    from measures
    join obstacles on obstacles.object = measures.object
),
-- The quarantine holds what people wrote.
quarantine as (
    select pg_catalog.string_agg(distinct coalesce(role.rolname, 'public'), ', ') as readers
    from (
        select schema.nspowner as owner, granted.grantee
        from pg_catalog.pg_namespace as schema
        cross join pg_catalog.aclexplode(schema.nspacl) as granted
        where schema.nspname = 'chat_quarantine'
        union all
        select relation.relowner, granted.grantee
        from pg_catalog.pg_class as relation
        cross join pg_catalog.aclexplode(relation.relacl) as granted
        where relation.relnamespace = pg_catalog.to_regnamespace('chat_quarantine')
    ) as privilege
    left join pg_catalog.pg_roles as role on role.oid = privilege.grantee
    where privilege.grantee <> privilege.owner
)
select
    object,
    expected,
    coalesce(actual, obstacle, 'nothing') as actual,
    coalesce(expected in ('counted', actual), false) and actual is not null as pass
from taken
union all
select
    'who beside its owner is granted anything in the quarantine' as object,
    'nobody' as expected,
    case
        when pg_catalog.to_regclass('chat_quarantine.rows') is null then 'no table chat_quarantine.rows'
        else coalesce(readers, 'nobody')
    end as actual,
    pg_catalog.to_regclass('chat_quarantine.rows') is not null and readers is null as pass
from quarantine
union all
select
    'realtime''s publication' as object,
    'holds public.chat_messages once' as expected,
    case
        when publication.oid is null then 'there is none'
        else 'holds public.chat_messages ' || case published.times when 1 then 'once' else published.times || ' times' end
    end as actual,
    publication.oid is null or published.times = 1 as pass
from (
    select pg_catalog.count(*) as times
    from pg_catalog.pg_publication_tables
    where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'chat_messages'
) as published
left join pg_catalog.pg_publication as publication on publication.pubname = 'supabase_realtime'
order by object;
