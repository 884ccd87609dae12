--! Title: RLS Enabled

-- A policy counts only where row level security is on. It must not bind the owner, as whom the helpers read. What no policy
-- guards (truncating, referring, and which column a new row sets) is a matter of privileges. A visitor has none; or may ask for rows, of
-- which no policy shows any, on behalf of a public page that looks at the chat, too.
with expected (relation) as (
    values
        ('public.chat_rooms'),
        ('public.chat_room_members'),
        ('public.room_members'),
        ('public.chat_messages')
),
roles (name, allowed) as (
    values
        ('anon', 'nothing that shows or changes a row'),
        ('public', 'nothing'),
        ('authenticated', 'DELETE, SELECT, UPDATE')
),
privileges as (
    select relation.oid as relation, item.grantee, item.privilege_type
    from pg_catalog.pg_class as relation
    cross join pg_catalog.aclexplode(relation.relacl) as item
    union
    select attribute.attrelid, item.grantee, item.privilege_type || ' (' || attribute.attname || ')'
    from pg_catalog.pg_attribute as attribute
    cross join pg_catalog.aclexplode(attribute.attacl) as item
    where not attribute.attisdropped
),
granted as (
    select
        expected.relation,
        roles.name,
        roles.allowed,
        coalesce(
            pg_catalog.string_agg(privileges.privilege_type, ', ' order by privileges.privilege_type collate "C"),
            case roles.name when 'anon' then roles.allowed else 'nothing' end
        ) as actual
    from expected
    cross join roles
    left join pg_catalog.pg_roles as role on role.rolname = roles.name
    left join privileges
        on privileges.relation = pg_catalog.to_regclass(expected.relation)
        and privileges.grantee = case roles.name when 'public' then 0 else role.oid end
        -- A column of a table that one may read whole is nothing more; what is inserted goes by column, and is asked below.
        and not (roles.name = 'authenticated' and privileges.privilege_type ~ '^(SELECT|INSERT|UPDATE) \(')
        and not (
            roles.name = 'anon'
            and privileges.privilege_type ~ '^SELECT\M'
            and not exists (
                select
                from pg_catalog.pg_policy as policy
                cross join pg_catalog.unnest(policy.polroles) as bound (id)
                where policy.polrelid = privileges.relation
                    and policy.polpermissive
                    and (bound.id = 0 or pg_catalog.pg_has_role(role.oid, bound.id, 'usage'))
            )
            and exists (
                select from pg_catalog.pg_class as shut where shut.oid = privileges.relation and shut.relrowsecurity
            )
        )
    group by expected.relation, roles.name, roles.allowed
)
select
    expected.relation as object,
    'enabled, not forced on the owner' as expected,
    case
        when relation.oid is null then 'no such table'
        when relation.relkind not in ('r', 'p') then 'not a table'
        when not relation.relrowsecurity then 'disabled'
        when relation.relforcerowsecurity then 'enabled, forced on the owner'
        else 'enabled, not forced on the owner'
    end as actual,
    coalesce(
        relation.relkind in ('r', 'p') and relation.relrowsecurity and not relation.relforcerowsecurity, false
    ) as pass
from expected
left join pg_catalog.pg_class as relation on relation.oid = pg_catalog.to_regclass(expected.relation)
union all
select
    granted.relation || ', granted to ' || granted.name as object,
    granted.allowed as expected,
    case
        when pg_catalog.to_regclass(granted.relation) is null then 'no such table'
        else granted.actual
    end as actual,
    pg_catalog.to_regclass(granted.relation) is not null and granted.actual = granted.allowed as pass
from granted
union all
-- What the application sends, and neither an id nor a time.
select
    wanted.relation || ', columns that authenticated inserts' as object,
    pg_catalog.array_to_string(wanted.open, ', ') || '; not ' || pg_catalog.array_to_string(wanted.shut, ', ') as expected,
    case
        when pg_catalog.to_regclass(wanted.relation) is null then 'no such table'
        else pg_catalog.concat(
            coalesce(pg_catalog.string_agg(attribute.attname, ', ' order by place) filter (
                where place is not null
                    and pg_catalog.has_column_privilege(role.oid, attribute.attrelid, attribute.attnum, 'insert')
            ), 'none of them'),
            '; not ',
            coalesce(pg_catalog.string_agg(attribute.attname, ', ' order by barred) filter (
                where barred is not null
                    and not pg_catalog.has_column_privilege(role.oid, attribute.attrelid, attribute.attnum, 'insert')
            ), 'one of them')
        )
    end as actual,
    coalesce(
        pg_catalog.count(*) filter (
            where place is not null
                and pg_catalog.has_column_privilege(role.oid, attribute.attrelid, attribute.attnum, 'insert')
        ) = pg_catalog.cardinality(wanted.open)
        and pg_catalog.count(*) filter (
            where barred is not null
                and not pg_catalog.has_column_privilege(role.oid, attribute.attrelid, attribute.attnum, 'insert')
        ) = pg_catalog.cardinality(wanted.shut),
        false
    ) as pass
from (
    values
        ('public.chat_rooms', array['type', 'title', 'created_by'], array['id', 'created_at', 'updated_at']),
        (
            'public.chat_room_members', array['room_id', 'user_id', 'role', 'status', 'invited_by'], array['created_at']
        ),
        ('public.room_members', array['room_id', 'user_id'], array['created_at']),
        ('public.chat_messages', array['room_id', 'sender', 'content'], array['id', 'created_at', 'updated_at'])
) as wanted (relation, open, shut)
left join pg_catalog.pg_roles as role on role.rolname = 'authenticated'
left join pg_catalog.pg_attribute as attribute
    on attribute.attrelid = pg_catalog.to_regclass(wanted.relation)
    and not attribute.attisdropped
left join lateral pg_catalog.array_position(wanted.open, attribute.attname::text) as place on true
left join lateral pg_catalog.array_position(wanted.shut, attribute.attname::text) as barred on true
group by wanted.relation, wanted.open, wanted.shut
union all
select
    expected.relation || ', granted to service_role' as object,
    'DELETE, INSERT, SELECT, UPDATE' as expected,
    case
        when pg_catalog.to_regclass(expected.relation) is null then 'no such table'
        else coalesce(
            pg_catalog.string_agg(wanted.privilege, ', ' order by wanted.privilege) filter (
                where pg_catalog.has_table_privilege(
                    role.oid, pg_catalog.to_regclass(expected.relation), wanted.privilege
                )
            ),
            'nothing'
        )
    end as actual,
    coalesce(
        pg_catalog.bool_and(
            pg_catalog.has_table_privilege(role.oid, pg_catalog.to_regclass(expected.relation), wanted.privilege)
        ),
        false
    ) as pass
from expected
cross join pg_catalog.unnest(array['DELETE', 'INSERT', 'SELECT', 'UPDATE']) as wanted (privilege)
left join pg_catalog.pg_roles as role on role.rolname = 'service_role'
group by expected.relation
order by object;
