--! Title: Tools that look into the catalog

-- Whether a table has a column.
create function schema_fix.has_column(target regclass, wanted name) returns boolean
language sql
stable
as $$
    select exists (select from pg_attribute where attrelid = target and attname = wanted and not attisdropped)
$$;

-- The number of a column.
create function schema_fix.place_of(target regclass, wanted name) returns smallint
language sql
stable
as $$
    select attnum from pg_attribute where attrelid = target and attname = wanted
$$;

-- The tables of the chat that are there. A view of such a name is none.
create view schema_fix.present_tables as
select relation.oid::regclass as table_id, tables.*
from schema_fix.tables
join pg_class as relation
    on relation.relname = table_name
    and relation.relnamespace = 'public'::regnamespace
    and relation.relkind = 'r';

-- One of them by its name, or null.
create function schema_fix.table_called(wanted name) returns regclass
language sql
stable
as $$
    select table_id from schema_fix.present_tables where table_name = wanted
$$;

-- Whether a table is one of the four that the fix arrives at.
create function schema_fix.is_ours(target regclass) returns boolean
language sql
stable
as $$
    select exists (select from schema_fix.present_tables where table_id = target and generation = 'current')
$$;

-- Functions under the names of those that the fix makes. A helper that takes more than the room goes on beside the fix's, for those who give
-- it all.
create view schema_fix.replaced_functions as
select
    oid as function_id,
    proname as name,
    proname ~ '^user_is_' and prokind = 'f' and prorettype = 'boolean'::regtype and pronargs > 1 and provariadic = 0 and proallargtypes is null
        as goes_on
from pg_proc
where pronamespace = 'public'::regnamespace
    and proname in (select function_name from schema_fix.functions);

-- Those of which nothing is left.
create view schema_fix.functions_that_go as
select function_id, name
from schema_fix.replaced_functions
where not goes_on;

-- Whether the setting acknowledge names it: then it may go.
create function schema_fix.is_acknowledged(wanted text) returns boolean
language sql
stable
return wanted = any (current_setting('schema_fix.acknowledge')::text[]);

-- A name as it is compared: createdBy is created_by.
create function schema_fix.spelling(name text) returns text
language sql
immutable
return lower(replace(name, '_', ''));

-- The columns of a table that bear one of some names, in the order of the names, however each is spelled.
create function schema_fix.columns_named(target regclass, names name[]) returns name[]
language sql
stable
as $$
    select array(
        select attribute.attname
        from unnest(names) with ordinality as wanted (name, place)
        join pg_attribute as attribute
            on schema_fix.spelling(attribute.attname) = schema_fix.spelling(wanted.name)
        where attribute.attrelid = target
            and attribute.attnum > 0
            and not attribute.attisdropped
        order by wanted.place, attribute.attname <> wanted.name, attribute.attname
    )
$$;

-- The columns that the tables of the chat have, each with the column that it stands for.
create view schema_fix.columns_found as
select
    relation.oid as target,
    known.column_name as stands_for,
    attribute.attname as column_name,
    attribute.atttypid as type_id,
    row_number() over (
        partition by relation.oid, known.column_name
        order by known.rank, attribute.attname <> known.known_as, attribute.attname
    ) as rank
from schema_fix.column_names as known
join pg_class as relation
    on relation.relname = known.table_name
    and relation.relnamespace = 'public'::regnamespace
join pg_attribute as attribute
    on attribute.attrelid = relation.oid
    and attribute.attnum > 0
    and not attribute.attisdropped
    and schema_fix.spelling(attribute.attname) = schema_fix.spelling(known.known_as);

-- The columns of a table that are or were called so, the preferred one first.
create function schema_fix.columns_for(target regclass, wanted name) returns name[]
language sql
stable
as $$
    select array(
        select found.column_name
        from schema_fix.columns_found as found
        where found.target = columns_for.target
            and found.stands_for = wanted
        order by found.rank
    )
$$;

-- The columns of a table that say it by a boolean or a time.
create function schema_fix.flags_for(target regclass, wanted name, meaning text) returns name[]
language sql
stable
as $$
    select schema_fix.columns_named(
        target, array(select known_as from schema_fix.flags where column_name = wanted and means = meaning)
    )
$$;

-- Whether a column refuses nulls, which saves looking for them. Since Postgres 18 it may refuse only new ones.
create function schema_fix.is_required(target regclass, wanted name) returns boolean
language sql
stable
as $$
    select
        attnotnull
        and not exists (
            select
            from pg_constraint
            where conrelid = target
                and contype = 'n'
                and conkey = array[attnum]
                and not convalidated
        )
    from pg_attribute
    where attrelid = target
        and attname = wanted
$$;

-- Whether a policy for these roles binds a role of the API: everybody, that role, or one whose privileges it has.
create function schema_fix.binds(caller name, roles oid[]) returns boolean
language sql
stable
return exists (
    select from unnest(roles) as named (role) where named.role = 0 or pg_has_role(caller, named.role, 'usage')
);

-- The same of who is signed in.
create function schema_fix.binds_signed_in(roles oid[]) returns boolean
language sql
stable
return schema_fix.binds('authenticated', roles);

-- The policies on them.
create view schema_fix.present_policies as
select
    policy.oid as policy_id,
    policy.polname as name,
    policy.polpermissive as is_permissive,
    policy.polcmd as command,
    policy.polroles as roles,
    pg_get_expr(policy.polqual, policy.polrelid) as using_expression,
    pg_get_expr(policy.polwithcheck, policy.polrelid) as check_expression,
    (table_name, policy.polname) in (select table_name, policy_name from schema_fix.policies) as has_our_name,
    present_tables.*
from schema_fix.present_tables
join pg_policy as policy
    on policy.polrelid = table_id;

-- The command of a policy in words.
create function schema_fix.say_command(command "char") returns text
language sql
immutable
return case command when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end;

-- Whether the expression of a policy reads a table of the chat itself, other than through a function.
create function schema_fix.reads_table(expression text, wanted name) returns boolean
language sql
immutable
return coalesce(expression ~* format('\m(from|join)\s+\(*(only\s+)?(public\.)?%1$s\M|,\s*public\.%1$s\s', wanted), false);

-- Policies that read their own table, which is an infinite recursion: by them nobody can do anything.
create view schema_fix.recursive_policies as
select *
from schema_fix.present_policies
where schema_fix.reads_table(using_expression, table_name);

-- What sessions of this database begin with, for everybody (no role) or for one role.
create view schema_fix.settings_given as
select
    given.setrole as role_id,
    role.rolname as role_name,
    split_part(entry, '=', 1) as name,
    split_part(entry, '=', 2) as value
from pg_db_role_setting as given
left join pg_roles as role
    on role.oid = given.setrole
cross join unnest(given.setconfig) as entry
where given.setdatabase in (0, (select oid from pg_database where datname = current_database()));
