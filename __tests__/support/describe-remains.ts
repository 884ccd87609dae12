/** A database that was empty before the fix → its tables, keys, indexes, triggers and privileges as statements of SQL, to be read. */
import type { Session } from '../../src/database/with-session.js';

/** `public` has nothing but the fix's own; of the functions only who may execute them is told: sections show what they do. */
const query = `
with tables as (
    select oid, oid::regclass::text as name, relowner, relacl, relrowsecurity
    from pg_class
    where relkind in ('r', 'v') and relnamespace::regnamespace::text in ('public', 'chat_quarantine', 'chat_access')
),
lines as (
    select 1 as part, name as target, 0 as place, format(
        e'create table %s (\\n    %s\\n);',
        name,
        array_to_string(array(
            select concat_ws(' ', quote_ident(attname), format_type(atttypid, atttypmod),
                'default ' || pg_get_expr(adbin, adrelid),
                case attidentity when 'a' then 'generated always as identity' end, case when attnotnull then 'not null' end)
            from pg_attribute
            left join pg_attrdef on adrelid = attrelid and adnum = attnum
            where attrelid = tables.oid and attnum > 0 and not attisdropped
            order by attnum
        ) || array(
            select format('constraint %I %s', conname, pg_get_constraintdef(pg_constraint.oid))
            from pg_constraint
            where conrelid = tables.oid and contype in ('p', 'f', 'c')
            order by contype = 'p' desc, conname
        ), e',\\n    ')
    ) as line
    from tables
    where exists (select from pg_class where oid = tables.oid and relkind = 'r')
    union all
    select 1, name, 1, format('alter table %s enable row level security;', name) from tables where relrowsecurity
    union all
    select 2, tablename, 0, indexdef || ';'
    from pg_indexes
    where schemaname = 'public'
        and not exists (select from pg_constraint where conindid = format('%I.%I', schemaname, indexname)::regclass)
    union all
    select 3, tgrelid::regclass::text, 0, pg_get_triggerdef(oid) || ';' from pg_trigger where not tgisinternal
        and tgrelid in (select oid from tables)
    union all
    select 4, '', 0, format('grant usage on schema %I to %s;', nspname, grantee::regrole)
    from pg_namespace
    cross join aclexplode(nspacl)
    where nspname in ('chat_quarantine', 'chat_access') and grantee not in (0, nspowner) and privilege_type = 'USAGE'
    union all
    select 4, name, 0, format('grant %s on table %s to %s;', string_agg(lower(privilege_type), ', ' order by privilege_type), name,
        grantee::regrole)
    from tables
    cross join aclexplode(relacl)
    where grantee not in (0, relowner) and privilege_type <> 'MAINTAIN'
    group by name, grantee
    union all
    select 4, name, 1, format('grant %s (%s) on table %s to %s;', lower(privilege_type), string_agg(attname, ', ' order by attnum), name,
        grantee::regrole)
    from tables
    join pg_attribute on attrelid = tables.oid
    cross join aclexplode(attacl)
    where attnum > 0
    group by name, grantee, privilege_type
    union all
    select 5, pg_proc.oid::regprocedure::text, 0, format('grant execute on function %s to %s;', pg_proc.oid::regprocedure,
        string_agg(grantee::regrole::text, ', ' order by grantee::regrole::text))
    from pg_proc
    cross join aclexplode(proacl)
    where pronamespace = 'public'::regnamespace and grantee not in (0, proowner)
    group by pg_proc.oid
    union all
    select 6, pubname, 0, format('alter publication %I add table %I.%I;', pubname, schemaname, tablename)
    from pg_publication_tables
    where schemaname = 'public'
)
select string_agg(line, e'\\n' order by part, target, place, line) as text from lines group by part order by part`;

const opening = `-- What the fix leaves in an empty database, as Postgres prints it: tables and keys, indexes, triggers, privileges, publication.
-- Roles that are not named here have no privilege. A table that existed keeps its other columns; an index that does the same keeps its name.
-- Policies, functions and views follow as the sections create them.`;

export async function describeRemains(session: Session): Promise<string> {
  await session.query("set search_path = ''");
  const { rows } = await session.query<{ text: string }>(query);
  return `${[opening, ...rows.map(({ text }) => text)].join('\n\n')}\n`;
}
