--! Title: The tables of older generations, where they are left behind, are no back door

-- Fails when: rooms or conversation_participants stays without row level security, with a wide-open policy, or as a view that
-- reads and writes with its owner's rights. A database that never had them has no such door, and passes; so does one in which a
-- table of that name is somebody else's: no key ties it to a room of the chat, and no row of it is of one.

--! Step: alice creates a group, which a view called rooms would show
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: left behind');

--! Step: alice sees it herself
--! As: alice
--! Expect: value scenario: left behind
select lower(title) from public.chat_rooms where id = current_setting('scenario.group')::uuid;

--! Step: an attempt at every door is prepared: each is shut by 42501, by doing nothing, or by not being a door
--! As: deployer
--! Expect: value prepared
-- The data API has public in its search_path, and triggers of the project may count on that.
create function pg_temp.attempt(statement text) returns bigint
language plpgsql
set search_path = public, extensions
as $$
declare
    touched bigint;
begin
    execute statement;
    get diagnostics touched = row_count;
    return touched;
exception
    when insufficient_privilege or object_not_in_prerequisite_state or feature_not_supported then
        return 0;
end
$$;
create function pg_temp.is_left_behind(relation regclass) returns boolean
language plpgsql
as $$
declare
    is_of_a_room boolean;
begin
    if (select relkind <> 'r' from pg_catalog.pg_class where oid = relation) or exists (
        select
        from pg_catalog.pg_constraint
        where contype = 'f'
            and conrelid = relation
            and confrelid in (to_regclass('public.chat_rooms'), to_regclass('public.rooms'))
    ) then
        return true;
    end if;
    execute format(
        'select exists (
            select
            from %s as left_behind
            join public.chat_rooms as room
                on room.id::text in (
                    select value
                    from pg_catalog.jsonb_each_text(to_jsonb(left_behind))
                    where key in (''room_id'', ''conversation_id'', ''chat_id'', ''chat_room_id'')
                        or key = ''id'' and %L
                )
        )',
        relation, relation = to_regclass('public.rooms')
    ) into is_of_a_room;
    return is_of_a_room;
end
$$;
select pg_catalog.set_config('scenario.left_behind', coalesce(pg_catalog.string_agg(oid::text, ','), ''), true)
from pg_catalog.pg_class
where oid in (to_regclass('public.rooms'), to_regclass('public.conversation_participants'))
    and pg_temp.is_left_behind(oid);
create function pg_temp.open_doors(impostor uuid) returns text
language plpgsql
as $$
declare
    left_behind regclass;
    columns text;
    literals text;
    doors text[] := '{}';
begin
    if not has_schema_privilege('public', 'usage') then
        return 'none';
    end if;
    foreach left_behind in array coalesce(
        string_to_array(nullif(current_setting('scenario.left_behind'), ''), ',')::oid[]::regclass[], '{}'
    ) loop
        -- A whole row in the impostor's name, so that nothing but a right can be missing; of a view, what it lets through.
        select
            string_agg(quote_ident(attname), ', '),
            string_agg(
                case
                    when atttypid = 'uuid'::regtype and attname in ('id', 'room_id')
                        then quote_literal(current_setting('scenario.group'))
                    when atttypid = 'uuid'::regtype then quote_nullable(impostor)
                    else quote_literal('group')
                end,
                ', '
            )
        into columns, literals
        from pg_catalog.pg_attribute
        where attrelid = left_behind
            and attnum > 0
            and not attisdropped
            and attgenerated = ''
            and atttypid in ('uuid'::regtype, 'text'::regtype)
            and pg_catalog.pg_column_is_updatable(left_behind, attnum, true);
        if pg_temp.attempt(format('select from %s', left_behind)) > 0 then
            doors := doors || format('%s can be read', left_behind);
        end if;
        if columns is not null
            and pg_temp.attempt(format('insert into %s (%s) values (%s)', left_behind, columns, literals)) > 0
        then
            doors := doors || format('%s can be inserted into', left_behind);
        end if;
        if columns is not null
            and pg_temp.attempt(format('update %s set (%s) = row(%2$s)', left_behind, columns)) > 0
        then
            doors := doors || format('%s can be updated', left_behind);
        end if;
        if pg_temp.attempt(format('delete from %s', left_behind)) > 0 then
            doors := doors || format('%s can be deleted from', left_behind);
        end if;
        if has_table_privilege(left_behind, 'truncate')
            and (select relkind = 'r' from pg_catalog.pg_class where oid = left_behind)
        then
            doors := doors || format('%s can be truncated', left_behind);
        end if;
    end loop;
    return coalesce(nullif(array_to_string(doors, ', '), ''), 'none');
end
$$;
-- Where a project has taken it from public by default, nobody else could call them.
grant execute on function pg_temp.attempt(text), pg_temp.open_doors(uuid) to public;
select 'prepared';

--! Step: the stranger finds no door for himself
--! As: stranger
--! Expect: value none
select pg_temp.open_doors((select auth.uid()));

--! Step: and none in alice's name
--! As: stranger
--! Expect: value none
select pg_temp.open_doors(current_setting('actor.alice')::uuid);

--! Step: the visitor finds none
--! As: visitor
--! Expect: value none
select pg_temp.open_doors(current_setting('actor.stranger')::uuid);

--! Step: nor does a token without a subject
--! As: nobody
--! Expect: value none
select pg_temp.open_doors(null);

--! Step: alice's group is still there, and hers
--! As: alice
--! Expect: value true
select (created_by = (select auth.uid()))::text
from public.chat_rooms
where id = current_setting('scenario.group')::uuid;
