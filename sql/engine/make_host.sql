-- What a host does for the owner of a project, who is no superuser there, while files of before are loaded in a session of
-- theirs: each function does one thing, takes names and no SQL, and makes nobody a member of a role that may do more than own
-- tables. Whoever loads may call them; there is nothing to gain. With the schema they go before the fix is tried. No publication
-- of all tables has those that are not logged, of which it would ask how their rows are told apart.
create unlogged table schema_fix_host.project (deployer name not null);
create unlogged table schema_fix_host.stand_ins (extension text primary key, script text not null);
create unlogged table schema_fix_host.lent (undo text not null);
create unlogged table schema_fix_host.held (granted text not null);
create unlogged table schema_fix_host.objects (oid oid primary key);

-- Whether whoever has the role is held back by something: no superuser, and nobody who reaches the server's programs and files.
create function schema_fix_host.assert_held_back(role text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from pg_catalog.pg_roles as r where r.rolname = role) then
        raise undefined_object using message = pg_catalog.format('role "%s" does not exist', role);
    end if;
    if
        pg_catalog.starts_with(role, 'pg_')
        or exists (
            select
            from pg_catalog.pg_roles as r
            where
                (
                    r.rolsuper
                    or r.rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
                )
                and pg_catalog.pg_has_role(role, r.oid, 'member')
        )
    then
        raise insufficient_privilege using
            message = pg_catalog.format('permission denied: the role "%s" may do what only a superuser may', role);
    end if;
end
$$;

-- The deployer becomes a member of the role until what was lent is taken back, in the same transaction: no other session sees it.
create function schema_fix_host.lend(role text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    deployer constant name := (select p.deployer from schema_fix_host.project as p);
begin
    perform schema_fix_host.assert_held_back(role);
    if
        deployer = role
        or exists (
            select
            from pg_catalog.pg_auth_members as m
            inner join pg_catalog.pg_roles as r on r.oid = m.roleid
            inner join pg_catalog.pg_roles as d on d.oid = m.member
            where r.rolname = role and d.rolname = deployer
        )
    then
        return;
    end if;
    execute pg_catalog.format('grant %I to %I', role, deployer);
    insert into schema_fix_host.lent (undo) values (pg_catalog.format('revoke %I from %I', role, deployer));
end
$$;

-- The role may own things in the schema until that is taken back.
create function schema_fix_host.lend_schema(role text, schema text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform schema_fix_host.assert_held_back(role);
    if schema is null or pg_catalog.has_schema_privilege(role, schema, 'create') or pg_catalog.starts_with(schema, 'pg_') then
        return;
    end if;
    execute pg_catalog.format('grant create on schema %I to %I', schema, role);
    insert into schema_fix_host.lent (undo)
    values (pg_catalog.format('revoke create on schema %I from %I', schema, role));
end
$$;

create function schema_fix_host.take_back() returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    undo text;
begin
    for undo in delete from schema_fix_host.lent returning lent.undo loop
        execute undo;
    end loop;
end
$$;

-- One that a statement names and no file makes, or that a file makes whose deployer may make none; nobody can log in as it.
create function schema_fix_host.make_role(role text, inherits boolean default true) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- The platform may have made it.
    if not exists (select from pg_catalog.pg_roles as r where r.rolname = role) then
        execute pg_catalog.format('create role %I nologin', role);
        execute pg_catalog.format('comment on role %I is %L', role, 'created by schema-fix-action');
    end if;
    perform schema_fix_host.set_inherit(role, inherits);
end
$$;

create function schema_fix_host.list_names(names text[]) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$ select pg_catalog.string_agg(pg_catalog.quote_ident(n), ', ') from pg_catalog.unnest(names) as n $$;

-- Whether the deployer may do with what belongs to the role as its owner.
create function schema_fix_host.is_deployers(owner oid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$ select pg_catalog.pg_has_role(p.deployer, owner, 'usage') from schema_fix_host.project as p $$;

-- Roles belong to the whole server, which may be somebody's.
create function schema_fix_host.is_of_runs(role oid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$ select pg_catalog.shobj_description(role, 'pg_authid') is not distinct from 'created by schema-fix-action' $$;

-- Only what runs of ours have made is changed, and given to others, and only what may do nothing with the server.
create function schema_fix_host.assert_of_project(role text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform schema_fix_host.assert_held_back(role);
    if not exists (
        select
        from pg_catalog.pg_roles as r
        where
            r.rolname = role
            and schema_fix_host.is_of_runs(r.oid)
            and not pg_catalog.starts_with(r.rolname, 'schema_fix_')
            and not (r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls)
    ) then
        raise insufficient_privilege using message = pg_catalog.format('permission denied: no file makes the role "%s"', role);
    end if;
end
$$;

create function schema_fix_host.set_inherit(role text, inherits boolean) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform schema_fix_host.assert_of_project(role);
    execute pg_catalog.format('alter role %I %s', role, case when inherits then 'inherit' else 'noinherit' end);
end
$$;

-- Members are the deployer, and roles that runs of ours have made, as those of the platform. `options`: of the membership.
create function schema_fix_host.change_membership(role text, member text, is_given boolean, options text[]) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform schema_fix_host.assert_of_project(role);
    if
        not exists (
            select
            from pg_catalog.pg_roles as r
            cross join schema_fix_host.project as p
            where
                r.rolname = member
                and (r.rolname = p.deployer or schema_fix_host.is_of_runs(r.oid))
        )
        or exists (select from pg_catalog.unnest(options) as o where o !~ '^(admin|inherit|set) (option|true|false)$')
    then
        raise insufficient_privilege using message = pg_catalog.format('permission denied to grant role "%s"', role);
    end if;
    execute pg_catalog.format(
        case when is_given then 'grant %I to %I %s' else 'revoke %I from %I' end,
        role,
        member,
        (select 'with ' || pg_catalog.string_agg(o, ', ') from pg_catalog.unnest(options) as o)
    );
end
$$;

create function schema_fix_host.set_replication_role(value text, is_local boolean) returns void
language sql
security definer
as $$ select pg_catalog.set_config('session_replication_role', value, is_local) $$;

-- Those of keys among them, which are Postgres' own.
create function schema_fix_host.set_triggers(of_table pg_catalog.regclass, is_enabled boolean) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from pg_catalog.pg_class as c
        where c.oid = of_table and schema_fix_host.is_deployers(c.relowner)
    ) then
        raise insufficient_privilege using message = pg_catalog.format('must be owner of table %s', of_table);
    end if;
    execute pg_catalog.format(
        'alter table %s %s trigger all', of_table, case when is_enabled then 'enable' else 'disable' end
    );
end
$$;

-- Those that Postgres lets everybody make, and those that Supabase and others make for their customers. None of them brings a
-- language without bounds or reads files.
create function schema_fix_host.make_extension(
    extension text, schema text, is_schema_named boolean, version text, is_cascade boolean, may_be_there boolean
) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        extension <> all (array[
            'address_standardizer', 'address_standardizer_data_us', 'autoinc', 'bloom', 'btree_gin', 'btree_gist', 'citext',
            'cube', 'dblink', 'dict_int', 'dict_xsyn', 'earthdistance', 'fuzzystrmatch', 'hstore', 'http', 'hypopg',
            'index_advisor', 'insert_username', 'intagg', 'intarray', 'isn', 'lo', 'ltree', 'moddatetime', 'pg_buffercache',
            'pg_cron', 'pg_freespacemap', 'pg_graphql', 'pg_hashids', 'pg_jsonschema', 'pg_net', 'pg_partman', 'pg_prewarm',
            'pg_repack', 'pg_stat_monitor', 'pg_stat_statements', 'pg_tle', 'pg_trgm', 'pg_visibility', 'pg_walinspect',
            'pgaudit', 'pgcrypto', 'pgjwt', 'pgmq', 'pgroonga', 'pgroonga_database', 'pgrouting', 'pgrowlocks', 'pgsodium',
            'pgstattuple', 'pgtap', 'plcoffee', 'plls', 'plpgsql', 'plpgsql_check', 'plv8', 'postgis', 'postgis_raster',
            'postgis_sfcgal', 'postgis_tiger_geocoder', 'postgis_topology', 'postgres_fdw', 'refint', 'rum', 'seg', 'sslinfo',
            'supabase_vault', 'tablefunc', 'tcn', 'timescaledb', 'tsm_system_rows', 'tsm_system_time', 'unaccent', 'uuid-ossp',
            'vector', 'wrappers', 'xml2'
        ])
        and exists (select from pg_catalog.pg_available_extensions as a where a.name = extension)
        and not exists (
            select from pg_catalog.pg_available_extension_versions as v where v.name = extension and v.trusted
        )
    then
        raise insufficient_privilege using message = pg_catalog.format('permission denied to create extension "%s"', extension);
    end if;
    -- Here the first of the path is pg_catalog.
    if
        schema is null
        and not exists (
            select from pg_catalog.pg_available_extension_versions as v where v.name = extension and v.schema is not null
        )
        and exists (select from pg_catalog.pg_available_extensions as v where v.name = extension)
    then
        raise invalid_schema_name using message = 'no schema has been selected to create in';
    end if;
    execute pg_catalog.format(
        'create extension %s %I %s %s %s',
        case when may_be_there then 'if not exists' end,
        extension,
        -- Some have a schema of their own, which must not be named otherwise.
        case
            when
                is_schema_named
                or schema is not null
                and not exists (
                    select
                    from pg_catalog.pg_available_extension_versions as v
                    where v.name = extension and v.schema is not null
                )
                then pg_catalog.format('schema %I', schema)
        end,
        case when version is not null then pg_catalog.format('version %L', version) end,
        case when is_cascade then 'cascade' end
    );
end
$$;

-- One that an extension brought, until that is taken back: hosts let their customers make servers of it. Files are no server of anybody's.
create function schema_fix_host.lend_wrapper(wrapper text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    deployer constant name := (select p.deployer from schema_fix_host.project as p);
begin
    if
        pg_catalog.has_foreign_data_wrapper_privilege(deployer, wrapper, 'usage')
        or not exists (
            select
            from pg_catalog.pg_foreign_data_wrapper as w
            inner join pg_catalog.pg_depend as d
                on d.classid = 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass and d.objid = w.oid and d.deptype = 'e'
            inner join pg_catalog.pg_extension as x on x.oid = d.refobjid
            where w.fdwname = wrapper and x.extname <> 'file_fdw'
        )
    then
        return;
    end if;
    execute pg_catalog.format('grant usage on foreign data wrapper %I to %I', wrapper, deployer);
    insert into schema_fix_host.lent (undo)
    values (pg_catalog.format('revoke usage on foreign data wrapper %I from %I', wrapper, deployer));
end
$$;

-- Of all tables, or of all those of schemas, which hosts let their customers make. It is theirs, as it is on the host. `options`:
-- names and values in turn.
create function schema_fix_host.make_publication(publication text, schemas text[], options text[]) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    deployer constant name := (select p.deployer from schema_fix_host.project as p);
begin
    if not pg_catalog.has_database_privilege(deployer, pg_catalog.current_database(), 'create') then
        raise insufficient_privilege using
            message = pg_catalog.format('permission denied for database %s', pg_catalog.current_database());
    end if;
    execute pg_catalog.format(
        'create publication %I for %s %s',
        publication,
        case
            when schemas is null then 'all tables'
            else 'tables in schema ' || schema_fix_host.list_names(schemas)
        end,
        (
            select 'with (' || pg_catalog.string_agg(pg_catalog.format('%I = %L', options[n], options[n + 1]), ', ') || ')'
            from pg_catalog.generate_series(1, pg_catalog.cardinality(options), 2) as n
        )
    );
    -- By a statement only a superuser can be given it.
    update pg_catalog.pg_publication
    set pubowner = (select r.oid from pg_catalog.pg_roles as r where r.rolname = deployer)
    where pubname = publication;
end
$$;

-- As pg_dump writes the schemas of one.
create function schema_fix_host.publish_schemas(publication text, schemas text[]) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from pg_catalog.pg_publication as b
        where b.pubname = publication and schema_fix_host.is_deployers(b.pubowner)
    ) then
        raise insufficient_privilege using message = pg_catalog.format('must be owner of publication %s', publication);
    end if;
    execute pg_catalog.format(
        'alter publication %I add tables in schema %s',
        publication,
        schema_fix_host.list_names(schemas)
    );
end
$$;

create function schema_fix_host.update_extension(extension text, version text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    execute pg_catalog.format(
        'alter extension %I update %s', extension, case when version is not null then pg_catalog.format('to %L', version) end
    );
end
$$;

create function schema_fix_host.move_extension(extension text, schema text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    execute pg_catalog.format('alter extension %I set schema %I', extension, schema);
end
$$;

create function schema_fix_host.drop_extensions(extensions text[], may_be_gone boolean, is_cascade boolean) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    execute pg_catalog.format(
        'drop extension %s %s %s',
        case when may_be_gone then 'if exists' end,
        schema_fix_host.list_names(extensions),
        case when is_cascade then 'cascade' end
    );
end
$$;

create function schema_fix_host.make_stand_in(extension text, schema text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- The script names it within quotes of every kind; Postgres refuses the same for extensions.
    if schema ~ '[$''"\\%]' then
        raise invalid_schema_name using
            message = pg_catalog.format('schema "%s" must not hold any of the characters $ '' " \ %%', schema);
    end if;
    execute (
        select pg_catalog.replace(s.script, '@extschema@', pg_catalog.quote_ident(schema))
        from schema_fix_host.stand_ins as s
        where s.extension = make_stand_in.extension
    );
end
$$;

-- What the platform grants to each new object is held back while a dump is loaded, which says all of its privileges.
create function schema_fix_host.hold_default_privileges() returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    held record;
begin
    insert into schema_fix_host.objects
    select c.oid from pg_catalog.pg_class as c
    union
    select p.oid from pg_catalog.pg_proc as p;
    for held in select * from schema_fix_host.default_privileges loop
        insert into schema_fix_host.held values (held.granted);
        execute held.revoked;
    end loop;
end
$$;

-- `is_said`: the dump says what they are. `has_privileges`: it says any privilege; otherwise it was made without them, and its
-- objects get what they would have got.
create function schema_fix_host.return_default_privileges(is_said boolean, has_privileges boolean) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    missing text;
begin
    if not is_said then
        for missing in select h.granted from schema_fix_host.held as h loop
            execute missing;
        end loop;
        if not has_privileges then
            for missing in select d.statement from schema_fix_host.default_grants as d loop
                execute missing;
            end loop;
        end if;
    end if;
    delete from schema_fix_host.held;
    delete from schema_fix_host.objects;
end
$$;

create unlogged table schema_fix_host.event_triggers (name name primary key);

-- One of the project's, which hosts let their customers make: it fires on what is loaded, and is gone before anybody who may do
-- more makes anything. At a login it would fire on them as well.
create function schema_fix_host.make_event_trigger(trigger_name text, event text, tags text[], calls pg_catalog.regproc) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        event <> all (array['ddl_command_start', 'ddl_command_end', 'sql_drop', 'table_rewrite'])
        or not exists (
            select from pg_catalog.pg_proc as p where p.oid = calls and schema_fix_host.is_deployers(p.proowner)
        )
    then
        raise insufficient_privilege using
            message = pg_catalog.format('permission denied to create event trigger "%s"', trigger_name);
    end if;
    execute pg_catalog.format(
        'create event trigger %I on %s %s execute function %s()',
        trigger_name,
        event,
        (select 'when tag in (' || pg_catalog.string_agg(pg_catalog.quote_literal(t), ', ') || ')' from pg_catalog.unnest(tags) as t),
        (
            select pg_catalog.format('%s.%I', p.pronamespace::pg_catalog.regnamespace, p.proname)
            from pg_catalog.pg_proc as p where p.oid = calls
        )
    );
    insert into schema_fix_host.event_triggers values (trigger_name);
end
$$;

create function schema_fix_host.set_event_trigger(trigger_name text, is_enabled boolean) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from schema_fix_host.event_triggers as e where e.name = trigger_name) then
        raise insufficient_privilege using
            message = pg_catalog.format('must be owner of event trigger %s', trigger_name);
    end if;
    execute pg_catalog.format(
        'alter event trigger %I %s', trigger_name, case when is_enabled then 'enable' else 'disable' end
    );
end
$$;

create function schema_fix_host.drop_event_trigger(trigger_name text, may_be_gone boolean) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        exists (select from pg_catalog.pg_event_trigger as e where e.evtname = trigger_name)
        and not exists (select from schema_fix_host.event_triggers as e where e.name = trigger_name)
    then
        raise insufficient_privilege using
            message = pg_catalog.format('must be owner of event trigger %s', trigger_name);
    end if;
    execute pg_catalog.format('drop event trigger %s %I', case when may_be_gone then 'if exists' end, trigger_name);
    delete from schema_fix_host.event_triggers where name = trigger_name;
end
$$;

-- Postgres fires none on what is done to event triggers.
create function schema_fix_host.drop_event_triggers() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    named name;
begin
    for named in delete from schema_fix_host.event_triggers returning event_triggers.name loop
        execute pg_catalog.format('drop event trigger if exists %I', named);
    end loop;
end
$$;

-- What these functions do fires no event trigger: the superuser would run what a file has written. Where there is none, nobody can
-- make one.
do $$
declare
    called pg_catalog.regprocedure;
begin
    if not exists (select from pg_catalog.pg_roles where rolname = current_user and rolsuper) then
        return;
    end if;
    for called in
        select p.oid from pg_catalog.pg_proc as p
        where
            p.pronamespace = 'schema_fix_host'::pg_catalog.regnamespace
            and p.prosecdef
            and p.proname <> 'set_replication_role'
    loop
        execute pg_catalog.format('alter function %s set session_replication_role = replica', called);
    end loop;
end
$$;
