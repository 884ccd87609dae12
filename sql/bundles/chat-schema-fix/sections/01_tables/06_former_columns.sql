--! Title: Columns under their former names
--! Remains: where functions of others use a column's former name: a column of that name, and a trigger that keeps the two equal

-- A view follows a renamed column; the text of a function does not, and a trigger that says `new.former` would fail on every insert. The
-- column of the former name is no generated one, because those functions may write it.
do $make$
declare
    former record;
    acting record;
begin
    if not exists (select from schema_fix.former_columns) then
        return;
    end if;

    -- Keeps the column of the former name equal to the renamed one. The former one has no default, so a value in it was written by
    -- somebody and counts for both. With a third argument, for the trigger that fires last, the former one always counts. Its text names
    -- the columns, also those of an earlier run: of a whole row, JSON cannot always be made.
    execute (
        select format(
            $definition$
    create or replace function public.chat_follow_column() returns trigger
    language plpgsql
    set search_path = ''
    as $$
    begin
        case pg_catalog.concat_ws(' ', tg_argv[0], tg_argv[1])%s
        end case;
        return new;
    end
    $$;
            $definition$,
            string_agg(
                format(
                    $pair$
        when %3$L then
            if tg_nargs > 2
                or tg_op = 'INSERT' and new.%2$I is not null
                or tg_op = 'UPDATE' and new.%2$I is distinct from old.%2$I and new.%1$I is not distinct from old.%1$I
            then
                new.%1$I := new.%2$I;
            else
                new.%2$I := new.%1$I;
            end if;$pair$,
                    pair.wanted, pair.former, concat_ws(' ', pair.wanted, pair.former)
                ),
                '' order by pair.wanted, pair.former
            )
        )
        from (
            select current_name::text as wanted, former_name::text as former
            from schema_fix.former_columns
            union
            select named[1], named[2]
            from pg_trigger
            cross join lateral string_to_array(encode(tgargs, 'escape'), '\000') as named
            where tgfoid = to_regprocedure('public.chat_follow_column()')
        ) as pair
    );
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
        -- A trigger for updates of the column fires by what a statement names, not by what another trigger sets: it gets both names.
        for acting in
            select
                opening || regexp_replace(substr(definition, length(opening) + 1), ' UPDATE OF ', format(' UPDATE OF %I, ', former.former_name)) as both,
                format('drop trigger %I on %s', tgname, former.target) as removal,
                format('alter table %s %s trigger %I', former.target, schema_fix.firing_clause(tgenabled), tgname) as firing,
                format('comment on trigger %I on %s is %L', tgname, former.target, obj_description(oid, 'pg_trigger')) as comment
            from pg_trigger
            cross join lateral (
                select
                    pg_get_triggerdef(oid) as definition,
                    format('CREATE %sTRIGGER %I', case when tgconstraint <> 0 then 'CONSTRAINT ' end, tgname) as opening
            ) as printed
            where tgrelid = former.target
                and not tgisinternal
                and schema_fix.place_of(former.target, former.current_name) = any (tgattr)
        loop
            perform schema_fix.run_each(array[acting.removal, acting.both, acting.firing, acting.comment]);
        end loop;
        raise notice '%: column % kept beside %, because functions use it', former.target, former.former_name, former.current_name;
    end loop;
    truncate schema_fix.former_columns;
end
$make$;

-- Columns that the application does not write, in the four tables, need not be filled.
select schema_fix.relax_other_columns();

-- Rooms, members and messages as they are now.
select schema_fix.make_legacy_views();
