--! Title: Tools that make a column what the application expects

-- Tool: whether the text of somebody else's function reads a column by its name: a view follows a renamed column, a
-- trigger's `new.sender_id` does not, and would refuse every insert.
create or replace function chat_quarantine.is_used_by_name(target regclass, column_name name) returns boolean
language sql
stable
set search_path = ''
as $$
    select exists (
        select
        from pg_catalog.pg_proc as routine
        join pg_catalog.pg_namespace as schema
            on schema.oid = routine.pronamespace
        where schema.nspname not in ('pg_catalog', 'information_schema', 'chat_quarantine')
            and routine.proname not in (
                'user_is_room_member', 'user_is_group_member', 'user_is_in_room', 'user_is_group_admin',
                'create_group_room', 'ensure_direct_conversation', 'open_or_create_dm'
            )
            and routine.prosrc ~* ('\m' || column_name || '\M')
            and (
                exists (select from pg_catalog.pg_trigger where tgrelid = target and tgfoid = routine.oid)
                or routine.prosrc ~* (
                    '\m' || (select relname from pg_catalog.pg_class where oid = target) || '\M'
                )
            )
    )
$$;

-- Tool: a column under its former name beside the one under its new name. Not a computed one: their functions may write it.
create or replace function chat_quarantine.keep_former_name(target regclass, former name, wanted name) returns void
language plpgsql
set search_path = ''
as $outer$
begin
    execute pg_catalog.format(
        'alter table %s add column %I %s',
        target,
        former,
        (
            select pg_catalog.format_type(atttypid, atttypmod)
            from pg_catalog.pg_attribute
            where attrelid = target
                and attname = wanted
        )
    );
    perform chat_quarantine.change(target, pg_catalog.format('update %s set %I = %I', target, former, wanted));

    create or replace function public.chat_follow_column() returns trigger
    language plpgsql
    set search_path = ''
    as $$
    declare
        wanted constant text := tg_argv[0];
        former constant text := tg_argv[1];
        written constant jsonb := pg_catalog.to_jsonb(new);
    begin
        -- Whoever still inserts under the former name alone means the new one.
        if tg_op = 'INSERT' and written ->> wanted is null then
            return pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(wanted, written -> former));
        end if;
        return pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(former, written -> wanted));
    end
    $$;
    revoke execute on function public.chat_follow_column() from public, anon, authenticated, service_role;

    -- Triggers fire in the order of their names, and those of others are to find both columns filled.
    execute pg_catalog.format(
        'create trigger %I before insert or update on %s for each row execute function public.chat_follow_column(%L, %L)',
        '00_former_' || former, target, wanted, former
    );
    raise notice '%: functions still use %, which follows % now', target, former, wanted;
end
$outer$;

-- Tool: make a column what the application expects. One that is there under an older name gets its name; where both are
-- there, the older fills the gaps of the wanted one and stays. Older names are tried in the order in which they are given.
-- Returns the change of its type, with what waits for other columns, or nothing.
create or replace function chat_quarantine.shape_column(
    target regclass, wanted name, wanted_type regtype, wanted_default text, older_names name[]
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    older name;
    former name;
    found record;
    change jsonb := '[]';
    readable text;
begin
    older_names := pg_catalog.array_remove(chat_quarantine.columns_called(target, array[wanted] || older_names), wanted);
    foreach older in array older_names loop
        if not chat_quarantine.has_column(target, wanted) and chat_quarantine.has_column(target, older) then
            execute pg_catalog.format('alter table %s rename column %I to %I', target, older, wanted);
            former := older;
            raise notice '%: column % is now called %', target, older, wanted;
        end if;
    end loop;

    if not chat_quarantine.has_column(target, wanted) then
        execute pg_catalog.format('alter table %s add column %I %s', target, wanted, wanted_type);
        raise notice '%: column % added', target, wanted;
    end if;
    older_names := pg_catalog.array_remove(older_names, former);

    select attribute.atttypid as type, type.typcategory as category, attribute.attgenerated <> '' as is_generated
    into found
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = wanted;
    if wanted_type = 'timestamptz'::regtype and found.category not in ('D', 'S', 'N') then
        raise exception '%.% is %, which is no time', target, wanted, found.type
            using
                errcode = 'datatype_mismatch',
                hint = 'Change the type of that column to timestamptz; then run the fix again.';
    end if;
    if found.is_generated then
        execute pg_catalog.format('alter table %s alter column %I drop expression', target, wanted);
    end if;
    if wanted = 'room_id' then
        perform chat_quarantine.prefer_known_rooms(target, older_names);
    end if;
    if found.type <> wanted_type then
        -- What cannot be read here may be said by an older column: a sender's name beside his id.
        readable := (
            select pg_catalog.format('coalesce(%s)', pg_catalog.string_agg(
                chat_quarantine.conversion(target, source.name, wanted, wanted_type), ', ' order by source.place
            ))
            from unnest(array[wanted] || case when wanted_type = 'uuid'::regtype then older_names end) with ordinality as source (name, place)
        );
        if wanted_type = 'uuid'::regtype or (wanted_type = 'timestamptz'::regtype and found.category <> 'D') then
            perform chat_quarantine.set_aside_unreadable(target, wanted, wanted_type, readable);
        end if;
        change := chat_quarantine.retype(target, wanted, wanted_type, readable);
    end if;

    foreach older in array older_names loop
        perform chat_quarantine.fill_gaps(
            target, wanted, chat_quarantine.conversion(target, older, wanted, wanted_type)
        );
    end loop;

    if wanted_default is not null and not exists (
        select
        from pg_catalog.pg_attribute
        where attrelid = target
            and attname = wanted
            and (atthasdef or attidentity <> '')
    ) then
        execute pg_catalog.format('alter table %s alter column %I set default %s', target, wanted, wanted_default);
    end if;

    if former is not null and chat_quarantine.is_used_by_name(target, former) then
        perform chat_quarantine.keep_former_name(target, former, wanted);
    end if;
    return change;
end
$$;

-- Tool: what a membership's status amounts to. A word that nobody knows never means approved.
create or replace function chat_quarantine.member_status(written text) returns text
language sql
immutable
as $$
    select case
        when written in ('approved', 'pending', 'blocked') then written
        when pg_catalog.lower(pg_catalog.btrim(written)) in (
            'blocked', 'banned', 'kicked', 'removed', 'rejected', 'denied', 'declined', 'suspended'
        ) then 'blocked'
        else 'pending'
    end
$$;

-- Tool: the status of a table's memberships, as an expression over the alias `legacy`: its word; where there is no word, what
-- other columns say; where they say nothing, everybody was a member. Who left may ask again.
create or replace function chat_quarantine.status_of(target regclass) returns text
language sql
stable
set search_path = ''
as $$
    select case
        when words[1] is not null then pg_catalog.format('chat_quarantine.member_status(legacy.%I::text)', words[1])
        else pg_catalog.format(
            'case when %s then ''blocked'' when %s then ''pending'' else ''approved'' end',
            coalesce(pg_catalog.string_agg(said.yes, ' or ') filter (where said.means = 'blocked'), 'false'),
            coalesce(
                pg_catalog.string_agg(
                    case said.means when 'pending' then said.yes else 'not (' || said.yes || ')' end, ' or '
                ) filter (where said.means in ('pending', 'approved')),
                'false'
            )
        )
    end
    from (
        select
            word.means,
            pg_catalog.format(
                case type.typcategory when 'B' then 'legacy.%I is true' else 'legacy.%I is not null' end, attribute.attname
            ) as yes
        from (values
            ('blocked', '{is_blocked,blocked,blocked_at,is_banned,banned,banned_at,kicked_at,removed_at}'),
            ('pending', '{is_pending,pending,is_invited,invited,has_left,is_left,left_at,deleted_at,rejected_at}'),
            ('approved', '{is_approved,approved,approved_at,is_accepted,accepted,accepted_at,is_confirmed,confirmed,is_active}')
        ) as word (means, names)
        cross join lateral unnest(chat_quarantine.columns_called(target, word.names::name[])) as found (name)
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = target
            and attribute.attname = found.name
        join pg_catalog.pg_type as type
            on type.oid = attribute.atttypid
            and type.typcategory in ('B', 'D')
    ) as said
    right join chat_quarantine.columns_called(target, '{status,state,member_status,membership_status}') as words
        on true
    group by words
$$;

-- Tool: a default that is none of the allowed words makes way for one that is.
create or replace function chat_quarantine.ensure_default(
    target regclass, column_name name, wanted_default text, allowed text[]
) returns void
language plpgsql
set search_path = ''
as $$
declare
    expression constant text := (
        select pg_catalog.pg_get_expr(given.adbin, given.adrelid)
        from pg_catalog.pg_attrdef as given
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = given.adrelid
            and attribute.attnum = given.adnum
        where attribute.attrelid = target
            and attribute.attname = column_name
    );
    is_allowed boolean;
begin
    execute pg_catalog.format('select (%s)::text = any (%L::text[])', coalesce(expression, 'null'), allowed) into is_allowed;
    if is_allowed is not true then
        execute pg_catalog.format('alter table %s alter column %I set default %L', target, column_name, wanted_default);
        raise notice '%.%: % is the default now', target, column_name, wanted_default;
    end if;
end
$$;

-- Tool: give a column a value where it has none, or only a default that says nothing, and there is one to be had.
create or replace function chat_quarantine.fill_gaps(target regclass, column_name name, source text) returns void
language plpgsql
set search_path = ''
as $$
declare
    -- Blank words are better than none, a blank name is none (section 4).
    gap constant text := pg_catalog.format(
        'pg_catalog.btrim(coalesce(%1$I::text, '''')) in ('''', ''00000000-0000-0000-0000-000000000000'')'
            ' and pg_catalog.btrim(%2$s::text) not in ('''', ''00000000-0000-0000-0000-000000000000'')'
            ' or %3$L and %1$I is null and %2$s is not null',
        column_name, source, column_name = 'content'
    );
    has_gaps boolean;
begin
    execute pg_catalog.format('select exists (select from %s where %s)', target, gap) into has_gaps;
    if has_gaps then
        raise notice '%.%: % empty values filled', target, column_name, chat_quarantine.change(
            target,
            pg_catalog.format('update %s set %I = %s where %s', target, column_name, source, gap)
        );
    end if;
end
$$;

-- Tool: a column that the application leaves out must not forbid its inserts, nor one that may be empty (whatever its default)
-- a row without it.
create or replace function chat_quarantine.free_other_columns(
    target regclass, written name[], optional name[] default '{}'
) returns void
language plpgsql
set search_path = ''
as $$
declare
    forbidding name;
begin
    for forbidding in
        select attribute.attname
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attnotnull
            and (attribute.attname = any (optional) or not attribute.atthasdef and attribute.attidentity = '')
            and not attribute.attname = any (written)
            and not exists (
                select
                from pg_catalog.pg_index
                where indrelid = target
                    and indisprimary
                    and attribute.attnum = any (indkey)
            )
    loop
        execute pg_catalog.format('alter table %s alter column %I drop not null', target, forbidding);
        raise notice '%.% may be empty: the application may leave it out', target, forbidding;
    end loop;
end
$$;
