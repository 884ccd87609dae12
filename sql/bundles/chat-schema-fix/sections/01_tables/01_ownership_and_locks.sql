--! Title: Owners, privileges and locks

-- A view runs what its owner wrote: one that an API role owns is not read.
do $$
declare
    view record;
begin
    for view in
        select relation.oid::regclass as name, relation.relowner::regrole as owner
        from pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relkind = 'v'
            and relation.relname in (select table_name from schema_fix.tables)
            and schema_fix.is_api_role(relation.relowner)
    loop
        raise exception '% is a view of %, which the API can become', view.name, view.owner
            using
                errcode = 'insufficient_privilege',
                hint = 'Drop it or give it to another role; then run the fix again.';
    end loop;
end
$$;

-- Locks every table, in one order, so that nothing written meanwhile is missed and no lock has to be upgraded later. Before that a
-- table gets what locking it and reading it takes: row level security does not apply to the owner of a table, so one that an API role
-- owns gets the deployer as its owner; the owner needs every privilege in its own name, because section 11 revokes what everybody has;
-- and row level security that is forced on the owner would hide rows from the fix.
do $$
declare
    target record;
begin
    for target in
        select
            relation.oid::regclass as name,
            quote_ident(pg_get_userbyid(relation.relowner)) as owner,
            schema_fix.is_api_role(relation.relowner) as is_open,
            relation.relforcerowsecurity as is_forced,
            relation.relacl is null or array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'] <@ array(
                select granted.privilege_type
                from aclexplode(relation.relacl) as granted
                where granted.grantee = relation.relowner
            ) as has_rights
        from schema_fix.tables
        join pg_class as relation
            on relation.oid = to_regclass('public.' || table_name)
            and relation.relkind = 'r'
        order by lock_order
    loop
        -- mutant: a table that authenticated owns stays its own
        if target.is_open then
            execute format('alter table %s owner to current_user', target.name);
            perform schema_fix.refuse_code_of_api_roles(target.name, true);
            if target.owner = 'authenticated' then
                execute format('grant select, insert, update, delete on %s to authenticated', target.name);
            end if;
            raise notice '%: owner changed from %; row level security does not apply to table owners', target.name, target.owner;
        end if;
        if not target.has_rights then
            execute format('grant all on %s to %s', target.name, case when target.is_open then 'current_user' else target.owner end);
        end if;
        execute format('lock table %s in access exclusive mode', target.name);
        if target.is_forced then
            execute format('alter table %s no force row level security', target.name);
        end if;
        perform schema_fix.refuse_code_of_api_roles(target.name, false);
    end loop;
end
$$;

-- Refuses two rooms whose ids are the same uuid, written differently: they would become one.
select schema_fix.refuse_ambiguous_ids(room.table_id, attribute.attname)
from schema_fix.present_tables as room
join pg_attribute as attribute
    on attribute.attrelid = room.table_id
    and attribute.attname = (schema_fix.columns_for(room.table_id, 'id'))[1]
    and attribute.atttypid <> 'uuid'::regtype
where room.holds = 'rooms';

-- A logged table cannot refer to an unlogged one, realtime publishes no unlogged table, and a typed table takes no new column.
-- The referenced tables come first.
do $$
declare
    target record;
begin
    for target in
        select
            relation.oid::regclass as name,
            relation.relpersistence = 'u' as is_unlogged,
            relation.reloftype <> 0 and listed.name <> 'rooms' as is_typed
        from unnest(array['rooms', 'chat_rooms', 'chat_room_members', 'room_members', 'chat_messages'])
            with ordinality as listed (name, place)
        join pg_class as relation
            on relation.oid = to_regclass('public.' || listed.name)
            and relation.relkind = 'r'
        where listed.name <> 'rooms'
            or exists (select from pg_constraint where contype = 'f' and confrelid = relation.oid)
        order by listed.place
    loop
        if target.is_unlogged then
            execute format('alter table %s set logged', target.name);
            raise notice '%: set logged', target.name;
        end if;
        if target.is_typed then
            execute format('alter table %s not of', target.name);
        end if;
    end loop;
end
$$;

-- `alter table` is refused while a deferred constraint has yet to be checked.
set constraints all immediate;

-- Times without a zone are read as UTC. With this setting Postgres changes their type without rewriting the table.
set local timezone to 'UTC';
