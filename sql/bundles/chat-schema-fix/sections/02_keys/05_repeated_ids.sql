--! Title: Missing and repeated ids of messages

-- Messages without an id get one. Of several with the same id one keeps it, the one that a foreign key refers to, or else the oldest; the
-- others get a new one.
do $$
#variable_conflict use_variable
declare
    pointed_at constant text := (
        select string_agg(
            format('exists (select from %s as pointer where %s)', referring.source, referring.match), ' or '
        )
        from (
            select
                key.conrelid::regclass as source,
                string_agg(format('pointer.%I = repeated.%I', child.attname, parent.attname), ' and ') as match
            from pg_constraint as key
            cross join lateral unnest(key.conkey, key.confkey) as pair (child, parent)
            join pg_attribute as child
                on child.attrelid = key.conrelid
                and child.attnum = pair.child
            join pg_attribute as parent
                on parent.attrelid = key.confrelid
                and parent.attnum = pair.parent
            where key.contype = 'f'
                and key.confrelid = 'public.chat_messages'::regclass
            group by key.oid, key.conrelid
        ) as referring
    );
    follower record;
    put_back text[] := '{}';
    statement text;
    renumbered bigint;
begin
    if exists (
        select
        from pg_index as index
        where index.indrelid = 'public.chat_messages'::regclass
            and index.indisprimary
            and index.indkey::text = (
                select attnum::text
                from pg_attribute
                where attrelid = index.indrelid
                    and attname = 'id'
            )
    ) then
        return;
    end if;

    if exists (select from public.chat_messages where id is null)
        or exists (select from public.chat_messages group by id having count(*) > 1)
    then
        -- Where messages are numbered within their room, foreign keys refer to room and number: with `on update cascade` their rows take
        -- the new number. The keys get their own definition again below.
        for follower in
            select conrelid::regclass as source, conname as name, pg_get_constraintdef(oid) as definition
            from pg_constraint
            where contype = 'f'
                and confrelid = 'public.chat_messages'::regclass
                and confupdtype <> 'c'
        loop
            statement := format('alter table %1$s drop constraint %2$I, add constraint %2$I ', follower.source, follower.name);
            execute statement || regexp_replace(
                regexp_replace(follower.definition, ' ON UPDATE (RESTRICT|SET NULL|SET DEFAULT)', ''),
                '( ON DELETE | DEFERRABLE| NOT VALID|$)', ' ON UPDATE CASCADE\1'
            );
            put_back := put_back || (statement || follower.definition);
        end loop;

        renumbered := schema_fix.run_without_triggers(
            'public.chat_messages',
            format(
                'update public.chat_messages as message
                -- mutant: a repeated id keeps only its first message
                set id = default
                where message.id is null
                    or message.ctid in (
                        select numbered.ctid
                        from (
                            select
                                repeated.ctid,
                                row_number() over (
                                    partition by repeated.id order by %s repeated.created_at, repeated.ctid
                                ) as place
                            from public.chat_messages as repeated
                        ) as numbered
                        where numbered.place > 1
                    )',
                -- mutant: the message that others point at gets the new id
                '(' || pointed_at || ') desc,'
            )
        );
        foreach statement in array put_back loop
            execute statement;
        end loop;
        raise notice 'public.chat_messages: % repeated or missing ids replaced', renumbered;
    end if;
end
$$;
