--! Title: Columns under their former names
--! Remains: where functions of others use a column's former name: a column of that name, and a trigger that keeps the two equal

-- A view follows a renamed column; the text of a function does not, and a trigger that says `new.former` would fail on every insert. The
-- column of the former name is no generated one, because those functions may write it.
do $make$
declare
    former record;
begin
    if not exists (select from schema_fix.former_columns) then
        return;
    end if;

    -- Keeps the column of the former name equal to the renamed one. The former one has no default, so a value in it was written by
    -- somebody and counts for both. With a third argument, for the trigger that fires last, the former one always counts.
    create or replace function public.chat_follow_column() returns trigger
    language plpgsql
    set search_path = ''
    as $$
    declare
        wanted constant pg_catalog.text := tg_argv[0];
        former constant pg_catalog.text := tg_argv[1];
        written constant pg_catalog.jsonb := pg_catalog.to_jsonb(new);
        was constant pg_catalog.jsonb := case tg_op when 'UPDATE' then pg_catalog.to_jsonb(old) end;
    begin
        if tg_nargs > 2
            or was is null and written ->> former is not null
            or was -> former is distinct from written -> former and was -> wanted is not distinct from written -> wanted
        then
            return pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(wanted, written -> former));
        end if;
        return pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(former, written -> wanted));
    end
    $$;
    revoke execute on function public.chat_follow_column() from public, anon, authenticated, service_role;

    for former in
        select target, former_name, current_name, format_type(atttypid, atttypmod) as type
        from schema_fix.former_columns
        join pg_attribute
            on attrelid = target
            and attname = current_name
    loop
        execute format('alter table %s add column %I %s', former.target, former.former_name, former.type);
        perform schema_fix.run_without_triggers(
            former.target, format('update %s set %I = %I', former.target, former.former_name, former.current_name)
        );
        -- Triggers fire in the order of their names; those of others should find both columns filled.
        execute format(
            'create trigger %I before insert or update on %s for each row'
                ' execute function public.chat_follow_column(%L, %L)',
            '00_former_' || former.former_name, former.target, former.current_name, former.former_name
        );
        -- What a trigger of the project assigns to the former column counts: a second trigger, after all others, copies it.
        if exists (
            select
            from pg_trigger
            join pg_proc as routine
                on routine.oid = tgfoid
            where tgrelid = former.target
                and not tgisinternal
                and tgtype & 3 = 3
                and routine.prosrc ~* format('(\mnew\s*\.\s*"?%1$s"?\s*:?=|\minto\s+[^;]*\mnew\s*\.\s*"?%1$s\M)', former.former_name)
        ) then
            execute format(
                'create trigger %I before insert or update on %s for each row'
                    ' execute function public.chat_follow_column(%L, %L, ''last'')',
                '~former_' || former.former_name, former.target, former.current_name, former.former_name
            );
        end if;
        raise notice '%: column % kept beside %, because functions use it', former.target, former.former_name, former.current_name;
    end loop;
    truncate schema_fix.former_columns;
end
$make$;

-- Columns that the application does not write, in the four tables, need not be filled.
select schema_fix.relax_other_columns();

-- Rooms, members and messages as they are now.
select schema_fix.make_legacy_views();
