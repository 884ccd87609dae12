--! Title: What has to be decided about messages that are meant to have no sender

-- Whether all messages have a sender, because a column of theirs refuses nulls: nobody has to look at each.
create function schema_fix.have_a_sender() returns boolean
language sql
stable
as $$
    select exists (
        select
        from unnest(schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'sender')) as sender (name)
        where schema_fix.is_required(schema_fix.table_called('chat_messages'), sender.name)
    )
$$;

-- The columns that mark messages without a sender: lines of the system, what a bot says. All of them have one value there that no other
-- message has, or only they have one. Accounts that were deleted leave no such mark.
create function schema_fix.marks_of_nobody() returns setof name
language plpgsql
stable
as $$
declare
    nobody text := (
        select 'num_nonnulls(' || string_agg(quote_ident(name), ', ') || ') = 0'
        from unnest(schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'sender')) as name
    );
    mark record;
    found_one boolean;
begin
    if nobody is null or schema_fix.have_a_sender() then
        return;
    end if;
    execute format('select exists (select from public.chat_messages where %s)', nobody) into found_one;
    if not found_one then
        return;
    end if;
    for mark in
        select attribute.attname as name, type.typcategory in ('B', 'S', 'E') as is_word
        from pg_attribute as attribute
        join pg_type as type
            on type.oid = attribute.atttypid
            and type.typcategory in ('B', 'S', 'E', 'U', 'N')
        where attribute.attrelid = schema_fix.table_called('chat_messages')
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = attribute.attrelid)
    loop
        execute format(
            case
                when mark.is_word then
                    'select count(*) = 1 and count(*) filter (where word ~ ''^[[:alpha:]][[:alnum:]_ -]{0,30}$'' and word <> ''false'') = 1
                    from (
                        select %1$I::text as word from public.chat_messages where %2$s
                        except select %1$I::text from public.chat_messages where not (%2$s)
                    ) as said
                    where (select count(distinct %1$I::text) = 1 and bool_and(%1$I is not null) from public.chat_messages where %2$s)'
                else
                    'select bool_and(%1$I is not null) and not exists (select from public.chat_messages where not (%2$s) and %1$I is not null)
                    from public.chat_messages where %2$s'
            end,
            mark.name, nobody
        ) into found_one;
        if found_one then
            return next mark.name;
        end if;
    end loop;
end
$$;

-- The server writes more of them.
create view schema_fix.decisions_about_messages_of_nobody (name, problem, may_be_acknowledged) as
with mark as materialized (
    select name
    from schema_fix.marks_of_nobody() as found (name)
)
select
    'public.chat_messages.sender',
    format(
        '%s tells messages without a sender from others: they are meant to have none, and with the fix every new one has one: let whoever writes'
            ' them name an account, or acknowledge it, if they are written no more',
        string_agg(format('public.chat_messages.%I', mark.name), ', ')
    ),
    true
-- mutant: messages that are meant to have no sender are forgotten
from mark
where not schema_fix.was_applied()
having count(*) > 0
union all
-- Lines that only the server can have written: by no policy people write in nobody's name, and no key empties the column.
-- mutant: lines of the server are refused from then on
select
    'public.chat_messages.sender',
    format(
        '%s messages have no sender, which no policy lets people write: the server did, and with the fix every new one has one: let it send them in the'
            ' name of an account',
        count(*)
    ),
    true
from schema_fix.legacy_messages as message
where message.sender_word is null
    and exists (
        select from schema_fix.writing_policies as policy where policy.table_name = 'chat_messages' and policy.command in ('a', '*')
    )
    and not exists (
        select
        from schema_fix.writing_policies as policy
        where policy.table_name = 'chat_messages'
            and not exists (
                select
                from unnest(schema_fix.columns_for(policy.table_id, 'sender')) as sender (name)
                where schema_fix.asks_who_calls(policy.allows, sender.name)
            )
    )
    and not exists (
        select
        from schema_fix.keys_of_columns as key
        join pg_constraint as emptying
            on emptying.oid = key.key_id
            and emptying.confdeltype in ('n', 'd')
        where key.table_name = 'chat_messages'
            and key.column_name = 'sender'
    )
    and not schema_fix.have_a_sender()
    and not exists (select from mark)
    and not schema_fix.was_applied()
having count(*) > 0;
