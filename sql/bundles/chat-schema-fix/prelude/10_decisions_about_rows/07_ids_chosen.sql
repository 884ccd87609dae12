--! Title: What has to be decided about ids of messages that several have

-- Where people choose the ids of their messages, one may have chosen another's. The oldest keeps it, and when a message was sent, they may have
-- chosen, too: whatever names it without a key would be about theirs. Looked for only where there are such ids. Of numbers others may hold the
-- same by chance: a name has to speak of messages.
create function schema_fix.names_of_repeated_messages() returns table (column_name text, number bigint)
language plpgsql
as $$
declare
    message constant regclass := schema_fix.table_called('chat_messages');
    id record;
    holder record;
    repeated text[];
begin
    select attribute.attnum, attribute.atttypid, type.typcategory = 'N' as is_number
    into id
    from pg_attribute as attribute
    join pg_type as type
        on type.oid = attribute.atttypid
    join pg_class as relation
        on relation.oid = attribute.attrelid
        and relation.relrowsecurity
    where attribute.attrelid = message
        and attribute.attname = (schema_fix.columns_for(message, 'id'))[1]
        and has_column_privilege('authenticated', message, attribute.attnum, 'insert');
    if not found or schema_fix.was_applied() or exists (
        select from pg_constraint where conrelid = message and contype in ('p', 'u') and conkey = array[id.attnum]
    ) then
        return;
    end if;
    repeated := array(select said.id from schema_fix.legacy_messages as said group by said.id having count(distinct said.sender_word) > 1);
    if repeated = '{}' then
        return;
    end if;
    for holder in
        select relation.oid::regclass as name, attribute.attname as column
        from pg_class as relation
        join pg_attribute as attribute
            on attribute.attrelid = relation.oid
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.atttypid in (id.atttypid, 'text'::regtype, 'varchar'::regtype)
        where relation.relkind in ('r', 'p')
            and pg_has_role(relation.relowner, 'usage')
            and not schema_fix.is_api_role(relation.relowner)
            and relation.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'schema_fix', 'chat_quarantine', 'cron')
            and (not id.is_number or attribute.attname ~* 'message|msg|repl|parent|quot')
            and (relation.oid <> message or attribute.attnum <> id.attnum)
            and not (relation.oid = message and attribute.atttypid <> id.atttypid)
            and not exists (
                select
                from pg_constraint
                where contype = 'f'
                    and conrelid = relation.oid
                    and confrelid = message
                    and attribute.attnum = any (conkey)
            )
    loop
        execute format('select count(*) from %s where %I::text = any ($1)', holder.name, holder.column) into number using repeated;
        if number > 0 then
            column_name := format('%s.%I', holder.name, holder.column);
            return next;
        end if;
    end loop;
end
$$;

create view schema_fix.decisions_about_ids_chosen (name, problem, may_be_acknowledged) as
select
    'public.chat_messages.id',
    format(
        'people choose the ids of their messages, messages of different senders have the same, and what names them without a key (%s) would be about'
            ' the oldest: give those another id that it is not about',
        string_agg(format('%s rows by %s', named.number, named.column_name), ', ' order by named.column_name)
    ),
    true
-- mutant: whoever takes the id of a message takes what names it
from schema_fix.names_of_repeated_messages() as named
having count(*) > 0;
