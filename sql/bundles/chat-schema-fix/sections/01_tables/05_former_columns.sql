--! Title: Columns under their former names
--! Remains: where functions of others use a former name, a column of that name and a trigger that keeps the two in step

-- A view follows a renamed column; a function does not, nor does a trigger's `new.column`, which would refuse every insert.
-- The column of the former name is not a computed one: those functions may write it.
do $make$
declare
    former record;
begin
    if not exists (select from schema_fix.former_columns) then
        return;
    end if;

    -- Keeps a column of a former name equal to the column that has the new one.
    create or replace function public.chat_follow_column() returns trigger
    language plpgsql
    set search_path = ''
    as $$
    declare
        wanted constant pg_catalog.text := tg_argv[0];
        former constant pg_catalog.text := tg_argv[1];
        written constant pg_catalog.jsonb := pg_catalog.to_jsonb(new);
    begin
        -- An insert that names only the former column fills the new one.
        if tg_op = 'INSERT' and written ->> wanted is null then
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
        raise notice '%: column % kept beside %, because functions use it', former.target, former.former_name, former.current_name;
    end loop;
    truncate schema_fix.former_columns;
end
$make$;

-- Columns that the application does not write, in the four tables, need not be filled.
select schema_fix.relax_other_columns();

-- Rooms, members and messages as they are now.
select schema_fix.make_legacy_views();
