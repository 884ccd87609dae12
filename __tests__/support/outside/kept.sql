--! Title: What must still be so where it was before: what others have in the fix's tables, views and publications

-- Columns are told by their number, because an older name may change; a default by its value, because its type may.
with
own as (
    select c.oid, c.relname
    from pg_catalog.pg_class as c
    where
        c.relnamespace = 'public'::pg_catalog.regnamespace
        and c.relname in ('chat_rooms', 'chat_room_members', 'room_members', 'chat_messages')
        and c.relkind = 'r'
)

select
    pg_catalog.format('default of column %s of %s', d.adnum, own.relname) as object,
    -- Where members were approved by default, those are still whom row level security does not bind; the others wait.
    coalesce(
        pg_catalog.substring(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'row_security_active\(.*ELSE (''approved'')'),
        pg_catalog.regexp_replace(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '^\((.*)\)$|::[\w ."\[\]]+', '\1', 'g')
    ) as definition
from own
inner join pg_catalog.pg_attrdef as d on own.oid = d.adrelid
inner join pg_catalog.pg_attribute as a on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attgenerated = ''

union all

select
    pg_catalog.format('column %s of %s', a.attnum, own.relname),
    ''
from own
inner join pg_catalog.pg_attribute as a on own.oid = a.attrelid
where a.attnum > 0 and not a.attisdropped and a.attgenerated = ''

union all

-- `references rooms` is what the fix is about; every other key belongs to somebody's embeds, which know it by its name.
-- The names of ours alone must be free.
select
    pg_catalog.format(
        'foreign key %s of %s to %s',
        case when c.conname !~ '^(chat_messages|chat_room_members|room_members)_room_id_fkey(_legacy)?$' then c.conname end,
        own.relname, c.confrelid::pg_catalog.regclass
    ),
    pg_catalog.concat_ws(
        ' ', c.conkey, c.confkey, c.confdeltype, c.confupdtype, c.confmatchtype, c.condeferrable, c.condeferred, c.convalidated
    )
from own
inner join pg_catalog.pg_constraint as c on own.oid = c.conrelid
where
    c.contype = 'f'
    and c.confrelid not in (
        coalesce(pg_catalog.to_regclass('public.rooms'), 0), coalesce(pg_catalog.to_regclass('public.chat_rooms'), 0)
    )

union all

select
    pg_catalog.format('comment on column %s of %s', d.objsubid, own.relname),
    d.description
from own
inner join pg_catalog.pg_description as d on own.oid = d.objoid and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass

union all

-- A view's text follows a column that is renamed; what it is called, who owns it and who may read it does not change.
select
    pg_catalog.format(
        '%s %s', case c.relkind when 'v' then 'view' else 'materialized view' end, c.oid::pg_catalog.regclass
    ),
    pg_catalog.concat_ws(
        ' ', c.relowner::pg_catalog.regrole, c.reloptions, c.relispopulated,
        (select pg_catalog.array_agg(a::text order by a::text) from pg_catalog.unnest(c.relacl) as a)
    )
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as s on c.relnamespace = s.oid
where
    c.relkind in ('v', 'm')
    and s.nspname not in ('pg_catalog', 'information_schema')
    and c.relname not in ('chat_rooms', 'rooms', 'conversation_participants')

union all

-- A publication of whole tables shows a column more where a table gets one; it has the tables and columns that it names.
select
    pg_catalog.format('publication %s', p.pubname),
    pg_catalog.concat_ws(
        ' ', pg_catalog.to_jsonb(p),
        (
            select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(r) - 'oid' order by r.prrelid)
            from pg_catalog.pg_publication_rel as r
            where r.prpubid = p.oid and r.prrelid <> all (select own.oid from own where p.pubname = 'supabase_realtime')
        )
    )
from pg_catalog.pg_publication as p
