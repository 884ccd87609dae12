--! Title: What the rows say about who is in which room

-- Every row of the chat's tables, and what it says in each column that the fix knows: the first value and all of them. Of messages, of which
-- there may be millions, those that were tried.
create temporary table said (
    source text, holds text, tid tid, data jsonb, column_name text, value text, every_value text[]
) on commit drop;
do $$
declare
    legacy record;
begin
    for legacy in
        select table_name, holds, case when schema_fix.has_json(c.oid) then 'schema_fix.as_jsonb' else 'pg_catalog.to_jsonb' end as as_jsonb
        from schema_fix.tables
        join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass('public.' || table_name) and c.relkind in ('r', 'p')
    loop
        execute pg_catalog.format(
            $said$
                insert into pg_temp.said
                select %L, %L, t.ctid, %s(t), w.column_name, s.every_value[1], s.every_value
                from public.%I as t
                left join schema_fix.column_names as w on w.table_name = %L
                left join lateral (
                    select pg_catalog.array_agg(btrim(d.value) order by k.rank) as every_value
                    from pg_catalog.jsonb_each_text(%s(t)) as d
                    join schema_fix.column_names as k
                        on k.table_name = %L and k.column_name = w.column_name
                        and lower(replace(d.key, '_', '')) = lower(replace(k.known_as, '_', ''))
                    where btrim(d.value) not in ('', '00000000-0000-0000-0000-000000000000')
                ) as s on true
                where w.rank = 1 and (%L <> 'messages' or t.ctid = any (array(select l.tid from pg_temp.looked_at as l where l.source = %L)))
            $said$,
            'public.' || legacy.table_name, legacy.holds, legacy.as_jsonb, legacy.table_name, legacy.table_name, legacy.as_jsonb, legacy.table_name,
            legacy.holds, 'public.' || legacy.table_name
        );
    end loop;
end
$$;
-- Without, Postgres takes these tables for small, and compares each row with each.
analyze pg_temp.said, pg_temp.possible, pg_temp.looked_at;

-- A word that nobody knows lets nobody in; a column without a word says nothing.
create temporary table chat_members on commit drop as
select
    s.source,
    s.tid,
    schema_fix.room_uuid(max(s.value) filter (where s.column_name = 'room_id')) as room,
    coalesce(schema_fix.user_uuid(max(s.value) filter (where s.column_name = 'user_id'))::text, max(s.value) filter (where s.column_name = 'user_id')) as person,
    -- An empty status is one that nobody knows.
    coalesce(
        max(s.value) filter (where s.column_name = 'status'),
        case
            when exists (
                select
                from pg_catalog.jsonb_object_keys(s.data) as d (key)
                join schema_fix.column_names as k on k.column_name = 'status' and k.table_name = split_part(s.source, '.', 2)
                where lower(replace(d.key, '_', '')) = lower(replace(k.known_as, '_', ''))
            ) then 'nothing'
        end
    ) as word,
    -- An empty role is one that nobody knows.
    coalesce(
        max(s.value) filter (where s.column_name = 'role'),
        case
            when exists (
                select
                from pg_catalog.jsonb_object_keys(s.data) as d (key)
                join schema_fix.column_names as k on k.column_name = 'role' and k.table_name = split_part(s.source, '.', 2)
                where lower(replace(d.key, '_', '')) = lower(replace(k.known_as, '_', ''))
            ) then 'nothing'
            -- Without such a column a boolean says it.
            when s.source = 'public.chat_room_members' and exists (
                select
                from pg_catalog.jsonb_each_text(s.data) as d
                join schema_fix.flags as f
                    on f.column_name = 'role' and lower(replace(d.key, '_', '')) = lower(replace(f.known_as, '_', ''))
                where d.value = 'true'
            ) then 'admin'
            else 'member'
        end
    ) as role,
    schema_fix.user_uuid(max(s.value) filter (where s.column_name = 'invited_by'))::text as invited_by,
    (
        select case when bool_or(f.means = 'blocked') then 'blocked' when count(*) > 0 then 'pending' end
        from pg_catalog.jsonb_each_text(s.data) as d
        join schema_fix.flags as f
            on f.column_name = 'status' and lower(replace(d.key, '_', '')) = lower(replace(f.known_as, '_', ''))
        where
            case
                when f.means <> 'approved' then lower(coalesce(d.value, 'false')) not in ('false', '', 'f', 'no', '0')
                -- Beside a word such a column may never have been filled.
                when exists (
                    select
                    from pg_temp.said as o
                    where o.source = s.source and o.tid = s.tid and o.column_name = 'status' and (
                        select pg_catalog.bool_or(lower(replace(k.known_as, '_', '')) = lower(replace(w.key, '_', '')))
                        from pg_catalog.jsonb_object_keys(o.data) as w (key)
                        join schema_fix.column_names as k on k.column_name = 'status' and 'public.' || k.table_name = o.source
                    )
                ) and not exists (
                    select from schema_fix.flags_asked as q
                    where q.target = pg_catalog.to_regclass(s.source)
                        and lower(replace(q.known_as, '_', '')) = lower(replace(d.key, '_', ''))
                )
                    then d.value = 'false' and exists (
                        select from pg_temp.said as o where o.source = s.source and o.data ->> d.key = 'true'
                    )
                else coalesce(d.value, 'false') in ('false', '')
            end
    ) as flag
from pg_temp.said as s
where s.holds = 'members'
group by s.source, s.tid, s.data;

-- The ids of rooms, as all of them are written.
create temporary table rooms_said on commit drop as
select distinct schema_fix.room_uuid(s.value) as id
from pg_temp.said as s
where s.holds = 'rooms' and s.column_name = 'id';

create temporary table chat_messages on commit drop as
select
    s.source,
    s.tid,
    -- A word that is no room's beside a room: the room knows better.
    coalesce(
        (
            select schema_fix.room_uuid(c.value)
            from pg_catalog.unnest(max(s.every_value) filter (where s.column_name = 'room_id')) with ordinality as c (value, rank)
            where schema_fix.room_uuid(c.value) in (select r.id from pg_temp.rooms_said as r)
            order by c.rank
            limit 1
        ),
        schema_fix.room_uuid(max(s.value) filter (where s.column_name = 'room_id'))
    ) as room,
    -- A name is nobody beside an id.
    (
        select schema_fix.user_uuid(c.value)::text
        from pg_catalog.unnest(max(s.every_value) filter (where s.column_name = 'sender')) with ordinality as c (value, rank)
        where schema_fix.user_uuid(c.value) is not null
        order by c.rank
        limit 1
    ) as sender
from pg_temp.said as s
where s.holds = 'messages'
group by s.source, s.tid;

create temporary table chat_rooms on commit drop as
select
    s.source,
    s.tid,
    schema_fix.room_uuid(max(s.value) filter (where s.column_name = 'id')) as id,
    coalesce(
        schema_fix.meaning_of('type', max(s.value) filter (where s.column_name = 'type')),
        case lower(coalesce(s.data ->> 'is_group', s.data ->> 'isGroup')) when 'true' then 'group' when 'false' then 'dm' end
    ) as type,
    max(s.value) filter (where s.column_name = 'title') as title,
    schema_fix.user_uuid(max(s.value) filter (where s.column_name = 'created_by'))::text as creator
from pg_temp.said as s
where s.holds = 'rooms'
group by s.source, s.tid, s.data;
-- Below, what is said of a room is looked up room by room.
create index on pg_temp.chat_members (room);
create index on pg_temp.chat_rooms (id);
analyze pg_temp.chat_members, pg_temp.chat_messages, pg_temp.chat_rooms;

-- A table called rooms is the chat's only where its rows say what kind of chat they are, or the chat speaks of them.
delete from pg_temp.chat_rooms as r
where
    r.source = 'public.rooms'
    and r.type is null
    and not exists (select from pg_temp.chat_members as m where m.room = r.id)
    and not exists (select from pg_temp.chat_messages as m where m.room = r.id);

-- Rooms about which the old rules told one person from another: whoever read nothing of them was not in them.
create temporary table guarded_rooms on commit drop as
select m.room
from pg_temp.chat_messages as m
join pg_temp.possible as p on p.source = m.source and p.tid = m.tid and p.verb = 'read'
join pg_temp.people as who on who.person = p.person
group by m.room
having not bool_or(who.kind in ('stranger', 'visitor'));

-- What others say in a guarded room, and whether its members read any of it.
create temporary table evidence on commit drop as
select
    m.room,
    m.person,
    bool_or(
        exists (
            select
            from pg_temp.possible as p
            where p.verb = 'read' and p.source = o.source and p.tid = o.tid and p.person = m.person
        )
    )
    -- Where a restrictive policy keeps back what some people said, whoever is shown the room is in it.
    or exists (
        select
        from schema_fix.present_policies as r
        where r.table_name = 'chat_messages' and not r.is_permissive and not r.has_our_name and r.command in ('r', '*')
    )
    and exists (
        select
        from pg_temp.chat_rooms as r
        join pg_temp.possible as p on p.source = r.source and p.tid = r.tid and p.verb = 'read' and p.person = m.person
        where r.id = m.room and not exists (
            select
            from pg_temp.possible as s
            join pg_temp.people as who on who.person = s.person and who.kind in ('stranger', 'visitor')
            where s.source = r.source and s.tid = r.tid and s.verb = 'read'
        )
    ) as reads
from pg_temp.chat_members as m
join pg_temp.guarded_rooms as g on g.room = m.room
join pg_temp.chat_messages as o on o.room = m.room and o.sender is distinct from m.person
group by m.room, m.person;

-- Tables of members of which it was acknowledged that a word which is not known means to wait.
create temporary table waiting_words on commit drop as
select 'public.' || t.table_name as source
from schema_fix.present_tables as t
cross join pg_catalog.unnest(schema_fix.columns_for(t.table_id, 'status')) as c (name)
where
    t.holds = 'members'
    and pg_catalog.format('public.%I.%I', t.table_name, c.name) = any (pg_catalog.current_setting('schema_fix.acknowledge')::text[]);

-- What becomes of each membership: blocked stays before approved, approved before pending. A word that is not known lets in
-- whom the old rules let in; a membership without a word lets in whom they did not keep out, unless another says that they wait.
create temporary table said_standings on commit drop as
select
    m.room,
    m.person,
    m.source,
    m.role,
    case
        when 'blocked' in (schema_fix.meaning_of('status', m.word), m.flag) then 'blocked'
        when m.word = 'approved' and m.flag is null then 'approved'
        when schema_fix.meaning_of('status', m.word) = 'pending' or m.flag is not null then 'pending'
        when m.flag is null and case
            when m.word is null then coalesce(e.reads, true) or not exists (
                select from pg_temp.evidence as o where o.room = m.room and o.reads
            )
            when schema_fix.meaning_of('status', m.word) is null then coalesce(e.reads, false) and not exists (
                select from pg_temp.waiting_words as w where w.source = m.source
            )
            else false
        end
            then 'let in'
        when m.word <> 'nothing' then 'pending'
    end as status
from pg_temp.chat_members as m
left join pg_temp.evidence as e on e.room = m.room and e.person = m.person
where m.person is not null;
create temporary table standings on commit drop as
select
    m.room,
    m.person,
    case
        when bool_or(m.status = 'blocked') then 'blocked'
        when bool_or(m.status = 'approved') then 'approved'
        when bool_or(m.status = 'pending') then 'pending'
        when bool_or(m.status = 'let in') then 'approved'
        else 'pending'
    end as status,
    -- What a membership that gives way says of the role is not heard.
    (pg_catalog.array_agg(
        m.role = 'admin'
        order by pg_catalog.array_position(array['blocked', 'approved', 'pending', 'let in'], m.status), m.role <> 'admin'
    ))[1] as is_admin,
    bool_or(m.role not in ('admin', 'member') and m.source = 'public.chat_room_members') as is_of_unknown_role,
    -- Of a membership that moves, an unknown word is the creator's only where created_by counts.
    bool_or(m.role not in ('admin', 'member') and m.source <> 'public.chat_room_members')
    and not bool_or(m.source = 'public.chat_room_members') as comes_with_unknown_role,
    bool_or(m.role in ('admin', 'member') and m.source = 'public.chat_room_members') as is_member_by_word
from pg_temp.said_standings as m
group by m.room, m.person;
analyze pg_temp.standings;

-- Rooms whose columns name two types.
create temporary table rooms_of_two_types on commit drop as
select distinct schema_fix.room_uuid(coalesce(k.data ->> 'id', k.data ->> 'room_id')) as room
from pg_temp.said as k
where
    k.holds = 'rooms' and k.column_name = 'type'
    and (
        select pg_catalog.count(distinct schema_fix.meaning_of('type', v.value))
        from pg_catalog.unnest(k.every_value) as v (value)
    ) > 1;

-- A room once, whatever its tables say. Where they name different creators the older table counts: anybody could have put a row
-- with the room's id into the newer one, unless only the older one was open to that. Else chat_rooms knows better what it is.
create temporary table known_rooms on commit drop as
select
    r.id,
    coalesce(
        case
            when (select older_rooms from schema_fix.what_counts) and (select count(distinct o.creator) from pg_temp.chat_rooms as o where o.id = r.id) > 1
                then coalesce(
                    min(r.type) filter (where r.type = 'dm' and r.source = 'public.chat_rooms' and schema_fix.is_open('rooms', 'aw')),
                    min(r.type) filter (where r.source = 'public.rooms')
                )
        end,
        -- What says two things is what its people are kept as.
        case
            when r.id in (select t.room from pg_temp.rooms_of_two_types as t)
                and exists (select from pg_temp.chat_members as m where m.room = r.id and m.source = 'public.room_members')
                then 'dm'
        end,
        min(r.type) filter (where r.source = 'public.chat_rooms'),
        min(r.type),
        case
            when exists (select from pg_temp.chat_members as m where m.room = r.id and m.source = 'public.chat_room_members') then 'group'
            when (select count(distinct m.person) from pg_temp.chat_members as m where m.room = r.id) > 2 then 'group'
            when exists (select from pg_temp.chat_members as m where m.room = r.id) then 'dm'
            when bool_or(r.title is not null) then 'group'
            else 'dm'
        end
    ) as type,
    coalesce(
        min(r.creator) filter (where r.source = case when (select older_rooms from schema_fix.what_counts) then 'public.rooms' else 'public.chat_rooms' end),
        min(r.creator)
    ) as creator
from pg_temp.chat_rooms as r
group by r.id;
analyze pg_temp.known_rooms;

-- A role that nobody knows is the creator's where it is theirs. A group without an admin has its creator for one.
update pg_temp.standings as s
set is_admin = true
from pg_temp.known_rooms as r
where
    r.id = s.room and r.creator = s.person
    and (s.is_of_unknown_role or s.comes_with_unknown_role and r.type = 'group' and (select creators from schema_fix.what_counts));
update pg_temp.standings as s
set is_admin = true
from pg_temp.known_rooms as r
where
    r.id = s.room and r.type = 'group' and r.creator = s.person and s.status = 'approved' and (select creators from schema_fix.what_counts)
    -- Where somebody asks who is an admin, a creator who is a member decides about nobody.
    and not ((select by_role from schema_fix.admins_asked) and s.is_member_by_word)
    and not exists (select from pg_temp.standings as o where o.room = s.room and o.status = 'approved' and o.is_admin);

-- Rooms that only whoever made them has to do with.
create temporary table unused_rooms on commit drop as
select r.id as room, r.type, r.creator
from pg_temp.known_rooms as r
where
    r.creator is not null
    and not exists (select from pg_temp.chat_members as m where m.room = r.id and m.person is not null)
    and not exists (select from pg_temp.chat_messages as m where m.room = r.id and m.sender is distinct from r.creator);

-- Who is in a room: its members. created_by says who made a room, and lets nobody into one that others use.
create temporary table inside on commit drop as
select s.room, s.person
from pg_temp.standings as s
join pg_temp.known_rooms as r on r.id = s.room
where s.status = 'approved'
union
select u.room, u.creator
from pg_temp.unused_rooms as u;

-- Who runs a group: its approved admins, and who made one that nobody uses yet.
create temporary table admins on commit drop as
select s.room, s.person
from pg_temp.standings as s
join pg_temp.known_rooms as r on r.id = s.room and r.type = 'group'
where s.status = 'approved' and s.is_admin
union
select u.room, u.creator
from pg_temp.unused_rooms as u
where u.type = 'group';

-- Who is kept out by a word that is known: who waits, and who is blocked.
create temporary table outside on commit drop as
select s.room, s.person
from pg_temp.standings as s
join pg_temp.chat_members as m on m.room = s.room and m.person = s.person
where s.status <> 'approved' and (
    m.flag is not null
    or schema_fix.meaning_of('status', m.word) in ('pending', 'blocked')
    or m.word <> 'nothing' and exists (select from pg_temp.waiting_words as w where w.source = m.source)
)
except
select room, person from pg_temp.inside;

-- Rooms in which somebody read what another had written.
create temporary table heard on commit drop as
select distinct m.room
from pg_temp.chat_messages as m
join pg_temp.possible as p on p.source = m.source and p.tid = m.tid and p.verb = 'read' and p.person is distinct from m.sender
join pg_temp.people as who on who.person = p.person and who.role = 'authenticated' and who.kind in ('in the data', 'actor');

-- Rooms that somebody saw who had not made them.
create temporary table seen on commit drop as
select distinct r.id
from pg_temp.chat_rooms as r
join pg_temp.possible as p on p.source = r.source and p.tid = r.tid and p.verb = 'read' and p.person is distinct from r.creator;

-- Where a membership is looked for: where it was, and in the table for its kind of room.
create temporary table member_destinations on commit drop as
select m.source, m.tid, d.destination
from pg_temp.chat_members as m
left join pg_temp.known_rooms as r on r.id = m.room
left join pg_temp.standings as s on s.room = m.room and s.person = m.person
cross join (values ('public.chat_room_members'), ('public.room_members'), ('public.conversation_participants')) as d (destination)
where
    d.destination = m.source
    or d.destination = 'public.chat_room_members' and (r.type = 'group' or s.status <> 'approved')
    or d.destination = 'public.room_members' and r.type = 'dm' and s.status = 'approved';

-- Tables and views of others whose policies or queries ask the fix's functions, or read the chat's tables.
create temporary table followers on commit drop as
with recursive
asked as (
    select p.oid, 'pg_catalog.pg_proc'::pg_catalog.regclass as catalog
    from pg_catalog.pg_proc as p
    join schema_fix.functions as f on f.function_name = p.proname and p.pronamespace = 'public'::pg_catalog.regnamespace

    union

    select pg_catalog.to_regclass('public.' || t.table_name), 'pg_catalog.pg_class'::pg_catalog.regclass
    from schema_fix.tables as t
    where pg_catalog.to_regclass('public.' || t.table_name) is not null
),
following as (
    select
        d.refclassid as catalog,
        d.refobjid as oid,
        coalesce(o.polrelid, r.ev_class) as relation
    from pg_catalog.pg_depend as d
    left join pg_catalog.pg_policy as o on d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and o.oid = d.objid
    left join pg_catalog.pg_rewrite as r on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and r.oid = d.objid
),
reached as (
    select f.relation
    from following as f
    join asked as a on a.catalog = f.catalog and a.oid = f.oid
    where f.relation is not null

    union

    select f.relation
    from reached as e
    join following as f on f.catalog = 'pg_catalog.pg_class'::pg_catalog.regclass and f.oid = e.relation
    where f.relation is not null
)
select
    c.oid::pg_catalog.regclass as relation,
    n.nspname || '.' || c.relname as source,
    c.relkind,
    c.relkind = 'v' and not coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1']
        as writes_past_policies
from reached as e
join pg_catalog.pg_class as c on c.oid = e.relation
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where
    c.relkind in ('r', 'p', 'v') and n.nspname <> 'schema_fix'
    and n.nspname || '.' || c.relname not in (select 'public.' || table_name from schema_fix.tables);

-- Their rows, and the one room that each names.
create temporary table followed (source text, "row" text, said jsonb) on commit drop;
do $$
declare
    follower record;
begin
    for follower in
        select f.relation, f.source, case when schema_fix.has_json(f.relation) then 'schema_fix.as_jsonb' else 'pg_catalog.to_jsonb' end as as_jsonb
        from pg_temp.followers as f
        where f.relkind in ('r', 'p')
    loop
        execute pg_catalog.format(
            'insert into pg_temp.followed select %L, t.ctid::text, %s(t) from %s as t', follower.source, follower.as_jsonb, follower.relation
        );
    end loop;
end
$$;
insert into pg_temp.followed
select s.source, s."row", s.said
from pg_temp.shown as s
join pg_temp.followers as f on f.source = s.source;

-- Rooms that messages and memberships name, and that are nowhere.
create temporary table missing_rooms on commit drop as
select room as id from pg_temp.chat_messages
union select room from pg_temp.chat_members
except select id from pg_temp.known_rooms;

create temporary table followed_rooms on commit drop as
select f.source, f."row", (pg_catalog.array_agg(distinct r.id))[1] as room, pg_catalog.bool_or(r.is_missing) as is_missing
from pg_temp.followed as f
cross join lateral pg_catalog.jsonb_each_text(f.said) as d
join (
    select k.id, false as is_missing from pg_temp.known_rooms as k
    union all
    select m.id, true from pg_temp.missing_rooms as m where m.id is not null
) as r
    on r.id = schema_fix.user_uuid(d.value)
    or r.id = schema_fix.room_uuid(d.value) and exists (
        select
        from schema_fix.column_names as k
        where k.column_name in ('room_id', 'id') and lower(replace(d.key, '_', '')) = lower(replace(k.known_as, '_', ''))
    )
group by f.source, f."row"
having pg_catalog.count(distinct r.id) = 1;

-- Those that name no room, and the one person of the chat that they name.
create temporary table followed_people on commit drop as
select f.source, f."row", min(s.person) as person
from pg_temp.followed as f
cross join lateral pg_catalog.jsonb_each_text(f.said) as d
join (select distinct person from pg_temp.standings) as s on s.person = schema_fix.user_uuid(d.value)::text
where not exists (select from pg_temp.followed_rooms as r where r.source = f.source and r."row" = f."row")
group by f.source, f."row"
having pg_catalog.count(distinct s.person) = 1;

-- Those that somebody without a membership reached.
create temporary table open_rows on commit drop as
select distinct p.source, p."row", p.verb
from pg_temp.possible as p
join pg_temp.followers as f on f.source = p.source
join pg_temp.people as who on who.person = p.person and who.kind = 'stranger'
where p.is_known;

-- Whom that may be taken from: not visitors to whom the chat showed nothing, since what they reached is open by another rule.
create temporary table told_of_the_chat on commit drop as
select who.person
from pg_temp.people as who
where
    who.role = 'authenticated'
    or exists (
        select
        from pg_temp.possible as p
        join schema_fix.tables as t on p.source = 'public.' || t.table_name
        where p.person = who.person and p.verb = 'read' and p.is_known
    );

-- Tables and verbs of which it was acknowledged that an old policy may go: what it gave, and what it kept from somebody.
select schema_fix.try_old_rules();
create temporary table acknowledged on commit drop as
select distinct
    'public.' || r.table_name as source,
    case r.verb when 'select' then 'read' when 'insert' then 'add' when 'update' then 'change' else r.verb end as verb
from schema_fix.rules_to_try as r
where pg_catalog.format('%s.%s', r.table_id, r.name) = any (pg_catalog.current_setting('schema_fix.acknowledge')::text[]);

-- Tables whose rows a trigger of the application's puts right as they come: it names the caller, or makes whoever asks wait. A copy of another's
-- row is then one's own, and who could add it may, as before.
create temporary table correcting on commit drop as
select distinct 'public.' || n.table_name as source, n.table_id
from schema_fix.present_tables as n
join (values
    ('chat_rooms', 'created_by'),
    ('chat_messages', 'sender'),
    ('chat_room_members', 'user_id'), ('chat_room_members', 'role'), ('chat_room_members', 'status'), ('chat_room_members', 'invited_by')
) as d (table_name, column_name) on d.table_name = n.table_name
cross join pg_catalog.unnest(schema_fix.columns_for(n.table_id, d.column_name)) as c (name)
join pg_catalog.pg_trigger as t on t.tgrelid = n.table_id and not t.tgisinternal and t.tgtype & 7 = 7 and t.tgenabled in ('O', 'A')
join pg_catalog.pg_proc as f
    on f.oid = t.tgfoid
    -- In PL/pgSQL, = assigns, too, where a statement begins.
    and f.prosrc ~* pg_catalog.format('(new\s*\.\s*"?%1$s"?\s*:=|(;|\m(begin|then|else|loop))\s*new\s*\.\s*"?%1$s"?\s*=)', c.name)
where t.tgname not in ('chat_room_members_guard', 'chat_room_members_creator', 'chat_messages_need_a_sender');

-- Tables and views of others that go by a function, a policy or a view of which it was acknowledged that it may answer otherwise.
create temporary table answered_otherwise on commit drop as
with recursive
acknowledged as (
    select name from pg_catalog.unnest(pg_catalog.current_setting('schema_fix.acknowledge')::text[]) as a (name)
),
going_by as (
    select
        coalesce(o.polrelid, r.ev_class) as relation,
        d.refclassid as catalog,
        d.refobjid as oid,
        pg_catalog.format('%s.%s', o.polrelid::pg_catalog.regclass, o.polname) as name
    from pg_catalog.pg_depend as d
    left join pg_catalog.pg_policy as o on d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and o.oid = d.objid
    left join pg_catalog.pg_rewrite as r on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and r.oid = d.objid
    where o.oid is not null or r.oid is not null
),
reached as (
    select g.relation, a.name
    from acknowledged as a
    join going_by as g
        on g.name = a.name
        or g.relation::pg_catalog.regclass::text = a.name
        or g.catalog = 'pg_catalog.pg_proc'::pg_catalog.regclass and exists (
            select
            from schema_fix.functions_called as c
            where c.caller_id = g.oid and c.function_id::pg_catalog.regprocedure::text = a.name
        )

    union

    select g.relation, e.name
    from reached as e
    join going_by as g on g.catalog = 'pg_catalog.pg_class'::pg_catalog.regclass and g.oid = e.relation
)
select n.nspname || '.' || c.relname as source, min(e.name) as name
from reached as e
join pg_catalog.pg_class as c on c.oid = e.relation
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where
    n.nspname <> 'schema_fix'
    and n.nspname || '.' || c.relname not in (select 'public.' || table_name from schema_fix.tables)
group by n.nspname, c.relname;

-- What nobody could do, and it was not acknowledged that they may from now on.
create temporary table kept_back on commit drop as
select
    pg_catalog.left(d.name, -1 - pg_catalog.length(v.command)) as source,
    v.verb
from schema_fix.decisions_about_rights as d
join (values ('select', 'read'), ('insert', 'add'), ('update', 'change'), ('delete', 'delete')) as v (command, verb)
    on d.name like '%.' || v.command
where d.name <> all (pg_catalog.current_setting('schema_fix.acknowledge')::text[]);

-- Tables of which a restrictive policy of others keeps something back, and goes on doing so: who is in a room reaches there what they
-- reached before.
create temporary table narrowed on commit drop as
select distinct 'public.' || r.table_name as source, v.verb
from schema_fix.present_policies as r
join (values ('r', 'read'), ('a', 'add'), ('w', 'change'), ('d', 'delete')) as v (command, verb) on r.command in (v.command::"char", '*')
where
    not r.is_permissive
    and not r.has_our_name
    and pg_catalog.format('%s.%s', r.table_id, r.name) <> all (pg_catalog.current_setting('schema_fix.acknowledge')::text[])
    -- Where nobody reached anything, nothing tells what was kept back.
    and exists (
        select
        from pg_temp.possible as p
        join pg_temp.people as who on who.person = p.person and who.role = 'authenticated'
        where p.source = 'public.' || r.table_name and p.verb = v.verb and p.is_known
    );

-- Tables of which a trigger of others refuses some writes, and goes on doing so: that the last admin leaves, say. Whom a rule lets write there
-- may come to, and need not.
create temporary table refusing on commit drop as
select distinct 'public.' || n.table_name as source, v.verb
from schema_fix.present_tables as n
join pg_catalog.pg_trigger as t on t.tgrelid = n.table_id and not t.tgisinternal and t.tgenabled in ('O', 'A')
join pg_catalog.pg_proc as f on f.oid = t.tgfoid
join (values (4, 'add'), (8, 'delete'), (16, 'change')) as v (bit, verb) on t.tgtype & v.bit <> 0
where
    t.tgname not in ('chat_room_members_guard', 'chat_messages_need_a_sender')
    and (
        f.prosrc ~* '\mraise\s*(exception\M|sqlstate\M|using\M|;)'
        -- Before the row is written, it then is not.
        or t.tgtype & 2 <> 0 and f.prosrc ~* '\mreturn\s+null\M'
    );
