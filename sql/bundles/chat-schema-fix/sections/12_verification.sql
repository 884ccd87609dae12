--! Title: Verification
--! Needs: 04, 11

-- Checks the keys, names, roles and statuses once more, and raises an error, which rolls everything back, if one is wrong.

-- The keys exist and are validated.
do $$
declare
    missing text;
begin
    select string_agg(format('%s: %s', wanted.target, wanted.definition), '; ')
    into missing
    from (values
        ('public.chat_rooms'::regclass, 'PRIMARY KEY (id)'),
        ('public.chat_room_members'::regclass, 'PRIMARY KEY (room_id, user_id)'),
        ('public.room_members'::regclass, 'PRIMARY KEY (room_id, user_id)'),
        ('public.chat_messages'::regclass, 'PRIMARY KEY (id)'),
        (
            'public.chat_room_members'::regclass,
            'FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON DELETE CASCADE'
        ),
        ('public.room_members'::regclass, 'FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON DELETE CASCADE'),
        ('public.chat_messages'::regclass, 'FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON DELETE CASCADE')
    ) as wanted (target, definition)
    where not exists (
        select
        from pg_constraint as key
        where key.conrelid = wanted.target
            and key.convalidated
            and regexp_replace(
                pg_get_constraintdef(key.oid),
                ' ON UPDATE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)| DEFERRABLE| INITIALLY DEFERRED', '', 'g'
            ) = wanted.definition
    );

    if missing is not null then
        raise exception 'these keys are missing after the fix: %', missing
            using
                errcode = 'integrity_constraint_violation',
                hint = 'Nothing was changed. Please report this with the schema of the chat tables.';
    end if;
end
$$;

-- No creator has two groups of one name, and every membership has a known role and status.
do $$
#variable_conflict use_variable
declare
    broken text;
begin
    select string_agg(claim.broken, '; ')
    into broken
    from (
        select 'a creator with two groups of one name' as broken
        where exists (
            select
            from public.chat_rooms
            where type = 'group'
                and title is not null
                and created_by is not null
            group by created_by, lower(btrim(title))
            having count(*) > 1
        )
        union all
        select 'a membership with an unknown role or status'
        where exists (
            select
            from public.chat_room_members
            where (role in ('admin', 'member') and status in ('approved', 'pending', 'blocked')) is not true
        )
    ) as claim;

    if broken is not null then
        raise exception 'after the fix there is %', broken
            using
                errcode = 'integrity_constraint_violation',
                hint = 'Nothing was changed. Please report this with the schema of the chat tables.';
    end if;
end
$$;

-- Names the project's own checks, unique indexes and triggers on the four tables that may refuse a row: they stay as they were.
do $$
declare
    kept text;
begin
    select string_agg(format('%s %I on %s', rule.kind, rule.name, present.table_id), ', ' order by present.table_name, rule.name)
    into kept
    from schema_fix.present_tables as present
    cross join lateral (
        select 'check' as kind, conname as name
        from pg_constraint
        where conrelid = present.table_id
            and contype = 'c'
            and conname not in ('chat_rooms_type_check', 'chat_room_members_role_check', 'chat_room_members_status_check')
        union all
        select 'unique rule', named.relname
        from pg_index as index
        join pg_class as named
            on named.oid = index.indexrelid
        where index.indrelid = present.table_id
            and (index.indisunique or index.indisexclusion)
            and not index.indisprimary
            and named.relname <> 'idx_chat_rooms_unique_group'
        union all
        select 'trigger', acting.tgname
        from pg_trigger as acting
        join pg_proc as routine
            on routine.oid = acting.tgfoid
        where acting.tgrelid = present.table_id
            and not acting.tgisinternal
            and acting.tgname not in ('chat_room_members_guard', 'chat_messages_need_a_sender')
            and routine.prosrc ~* '\mraise\s+exception\M'
    ) as rule
    where present.generation = 'current';

    if kept is not null then
        raise notice 'kept, and refusing what they refused: %', kept;
    end if;
end
$$;

-- mutant: the second run updates rows that need nothing
-- Counts the rows.
do $$
#variable_conflict use_variable
begin
    raise notice 'rooms: %, group memberships: %, direct memberships: %, messages: %, in quarantine: %',
        (select count(*) from public.chat_rooms),
        (select count(*) from public.chat_room_members),
        (select count(*) from public.room_members),
        (select count(*) from public.chat_messages),
        (select count(*) from chat_quarantine.rows);
end
$$;
