--! Title: What has to be decided about functions, and about whoever reads memberships that move

-- Functions, and those that they call by name. Looked for once, not again for each question.
create table schema_fix.functions_called as
with recursive called (caller_id, function_id) as (
    select routine.oid, routine.oid
    from pg_proc as routine
    join pg_language as language
        on language.oid = routine.prolang
        and language.lanname not in ('internal', 'c')
    join pg_namespace as schema
        on schema.oid = routine.pronamespace
        and schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix', 'auth')
    where not schema_fix.is_of_an_extension(routine.oid)
    union
    select called.caller_id, calls.callee_id
    from called
    join schema_fix.calls
        on calls.caller_id = called.function_id
        and calls.callee_schema <> 'auth'::regnamespace
)
select
    called.caller_id,
    caller.proname as caller_name,
    called.function_id,
    -- A statement that is built when it runs names its tables in constants.
    lower(
        case
            when language.lanname not in ('sql', 'plpgsql') or routine.prosrc ~* '\mexecute\M' then routine.prosrc
            else schema_fix.without_constants(coalesce(pg_get_function_sqlbody(routine.oid), routine.prosrc))
        end
    ) as source,
    lower(coalesce(pg_get_function_sqlbody(routine.oid), routine.prosrc)) as source_with_constants
from called
join pg_proc as caller
    on caller.oid = called.caller_id
join pg_proc as routine
    on routine.oid = called.function_id
join pg_language as language
    on language.oid = routine.prolang;

-- Tables from which memberships of rooms of the other type move, or in which a copy of them stays that nobody changes any more, and rooms,
-- to which no room is added any more. A room whose type nothing says may be a group.
create view schema_fix.tables_left as
select
    member.source::regclass as table_id,
    split_part(member.source, '.', 2) as table_name,
    'from which memberships move to another table' as how
from schema_fix.legacy_members as member
join schema_fix.legacy_rooms as room
    on room.id = member.room_id
where member.status = 'approved'
    and case member.source
        when 'public.room_members' then room.type is distinct from 'dm'
        when 'public.chat_room_members' then room.type = 'dm'
        else true
    end
union
select table_id, table_name, 'from which the rooms move to chat_rooms: it gets no new ones'
from schema_fix.present_tables
where table_name = 'rooms';

-- Where functions are used: by permissive policies of the chat's tables, which the fix replaces or adds to, or by something else.
create view schema_fix.uses_of_functions as
select
    using_it.refobjid as function_id,
    using_it.classid = 'pg_policy'::regclass
        and using_it.objid in (select policy_id from schema_fix.present_policies where is_permissive) as is_ours
from pg_depend as using_it
where using_it.refclassid = 'pg_proc'::regclass
    and using_it.deptype = 'n';

-- The functions that people and triggers use, other than by those policies.
create view schema_fix.functions_in_use as
select routine.oid::regprocedure as function_id
from pg_proc as routine
where routine.oid in (select caller_id from schema_fix.functions_called)
    and not (
        routine.pronamespace = 'public'::regnamespace
        and routine.proname in (select function_name from schema_fix.functions)
    )
    and case
        when routine.prorettype = 'trigger'::regtype
            then exists (select from pg_trigger where tgfoid = routine.oid and not tgisinternal)
        when exists (
            select
            from schema_fix.uses_of_functions as using_it
            where using_it.function_id = routine.oid
                and not using_it.is_ours
        ) then true
        -- The server of the application and the jobs of the project call those that users may not.
        else routine.oid not in (
            select function_id from schema_fix.texts_of_policies where function_id is not null
            union
            select function_id from schema_fix.uses_of_functions
        )
    end;

-- What a function of the application's, which only makes a room or looks for one, asks besides: what the functions of the fix do not.
-- `source` is in lower case.
create function schema_fix.asked_besides(function_name name, source text) returns setof text
language sql
stable
as $$
    with body as (
        select regexp_replace(schema_fix.without_constants(source), '"', '', 'g') as words
    )
    -- Functions that neither read the call nor make, convert or list a value: how many there are, what the token or a setting says.
    select format('what %s says', call.name)
    from body
    cross join lateral unnest(schema_fix.unusual_functions(body.words)) as call (name)
    where regexp_replace(lower(call.name), '^(public|pg_catalog|extensions)\.', '') <> all (
            '{values,conflict,using,as,into,return,returns,returning,set,if,elsif,while,on,then,with,select,where,loop,execute,raise,uuid,'
                'text,unnest,array_agg,array_append,array_remove,array_cat,array_prepend,array_to_string,string_to_array,trim,nullif,concat,'
                'concat_ws,format,hashtext,hashtextextended,pg_advisory_xact_lock,row_to_json,to_jsonb,replace,regexp_replace,left,right,'
                'substring,substr,split_part,initcap,found,exists,json_build_object,min,max,generate_series,uuid_generate_v1,encode,'
                'gen_random_bytes,coalesce,hash_record,auth.uid}'::text[]
        )
        and not exists (
            select
            from pg_class as relation
            where relation.relname = regexp_replace(lower(call.name), '^.*\.', '')
                and relation.relnamespace = 'public'::regnamespace
        )
        -- What this one does is looked at by itself.
        and not exists (
            select
            from pg_proc as routine
            where routine.proname = regexp_replace(lower(call.name), '^.*\.', '')
                and routine.pronamespace not in ('pg_catalog'::regnamespace, 'auth'::regnamespace)
                and not schema_fix.is_of_an_extension(routine.oid)
        )
    union
    select 'how much time has passed'
    from body
    where words ~ '\m(interval|current_date|current_time|localtime|localtimestamp)\M'
    union
    select 'who is logged in to the database'
    from body
    where words ~ '\m(current_user|session_user|current_role|current_setting|user)\M' and words !~ 'for (each )?user'
    union
    select format('whether something is %s', found.parts[1])
    from body
    cross join lateral regexp_matches(words, '([<>]=?\s*(?:[2-9]|\d{2,}))', 'g') as found (parts)
    union
    select format('whether something is %L', found.parts[1])
    from regexp_matches(source, $with$(?:=|<>|!=|\min\s*\(|\many\s*\()\s*'([^']*)'$with$, 'g') as found (parts)
    join schema_fix.words as known
        on known.word = found.parts[1]
        and (known.means in ('blocked', 'pending', 'admin') or known.means = 'group' and function_name <> 'create_group_room')
    union
    select format('who is in %s', present.table_id)
    from body
    join schema_fix.present_tables as present
        on present.holds = 'members'
        and function_name = 'create_group_room'
        and body.words ~ format('\m(from|join)\s+(only\s+)?(public\s*\.\s*)?%s\M', present.table_name)
    union
    select format('what %s says', present.table_id)
    from body
    join schema_fix.present_tables as present
        on present.holds = 'messages'
        and body.words ~ format('\m(from|join)\s+(only\s+)?(public\s*\.\s*)?%s\M', present.table_name)
$$;

-- The helpers that others use too (policies of their tables, restrictive ones, views, functions), and that answer otherwise in the small
-- chat than those which replace them. Whether a stranger, or who waits, is let in where the old one did not tell them from members, is none.
create function schema_fix.helpers_not_kept() returns table (function_id oid, problem text)
language plpgsql
as $$
declare
    helper record;
    differs text;
begin
    perform schema_fix.try_old_rules();
    for helper in
        select routine.oid, routine.proname
        from pg_proc as routine
        join schema_fix.functions as ours
            on ours.function_name = routine.proname
            and ours.function_name ~ '^user_is_'
        where routine.pronamespace = 'public'::regnamespace
            and routine.prokind = 'f'
            and routine.prorettype = 'boolean'::regtype
            and routine.pronargs - routine.pronargdefaults <= 1
            and routine.pronargs >= 1
            and (
                exists (
                    select from schema_fix.uses_of_functions as using_it where using_it.function_id = routine.oid and not using_it.is_ours
                )
                or exists (
                    select
                    from schema_fix.functions_called as called
                    join schema_fix.functions_in_use as used
                        on used.function_id = called.caller_id
                    where called.function_id = routine.oid
                )
            )
    loop
        begin
            execute format(
                $with$
                    with answered as (
                        select
                            asked.*,
                            coalesce(%s, false) as was,
                            coalesce(
                                asked.status = 'approved'
                                and case schema_fix.meaning_of('type', asked.type)
                                    when 'dm' then %2$L in ('user_is_room_member', 'user_is_in_room')
                                    else %2$L <> 'user_is_room_member'
                                end
                                and (%2$L <> 'user_is_group_admin' or asked.role = 'admin'),
                                false
                            ) as is_now
                        from schema_fix.worlds as asked
                        cross join lateral (select asked as it) as "the world"
                        where asked.holds = 'rooms'
                            and not (asked.is_creator and asked.standing = 'nowhere')
                    )
                    select
                        case when differing.was then 'yes' else 'no' end || ' to ' || schema_fix.describe_world(differing.world)
                            || case when differing.was then ', and with the fix it says no' else ', and with the fix it says yes' end
                    from answered as differing
                    where differing.was <> differing.is_now
                        -- Where each table holds the memberships of its type only, what it says of the other type says nothing.
                        and (
                            %2$L not in ('user_is_room_member', 'user_is_group_member')
                            or (schema_fix.meaning_of('type', differing.type) is not distinct from 'dm') = (%2$L = 'user_is_room_member')
                            or exists (
                                select
                                from schema_fix.tables_left as moved
                                where moved.table_name = case %2$L when 'user_is_room_member' then 'room_members' else 'chat_room_members' end
                            )
                        )
                        and not exists (select from answered as open where open.was and open.standing = 'nowhere')
                        and not (
                            coalesce(differing.status <> 'approved', false)
                            and not exists (
                                select
                                from answered as shut
                                where shut.standing = 'here'
                                    and shut.status <> 'approved'
                                    and not shut.was
                                    and (shut.type, shut.invited_by) is not distinct from (differing.type, differing.invited_by)
                            )
                        )
                    order by differing.world
                    limit 1
                $with$,
                schema_fix.in_small(schema_fix.tokens_of(format('public.%I(''here'')', helper.proname)), false, '', '{}', 0),
                helper.proname
            ) into differs;
            differs := 'says ' || differs;
        exception
            when others then
                differs := 'asks what the fix does not understand: ' || sqlerrm;
        end;
        if differs is not null then
            return query select helper.oid, differs;
        end if;
    end loop;
end
$$;

-- What takes every row of chat_room_members for a member, where nobody could put one there who asks to join: functions that people, the
-- server or triggers use, policies of other tables, and views that read messages or rooms for their owner.
create view schema_fix.readers_of_whoever_asks (name, what) as
with status as (
    select '\m(' || string_agg(distinct lower(word), '|') || '|approved|pending)\M' as words
    from (
        select 'status' as word
        union all
        select unnest(schema_fix.columns_for(schema_fix.table_called('chat_room_members'), 'status'))
        union all
        select known_as from schema_fix.flags where column_name = 'status'
    ) as named
),
reading as (
    select dependency.classid, dependency.objid
    from pg_depend as dependency
    where dependency.refclassid = 'pg_class'::regclass
        and dependency.refobjid = schema_fix.table_called('chat_room_members')
)
select used.function_id::text, format('the function %s', used.function_id)
from schema_fix.functions_in_use as used
join schema_fix.functions_called as called
    on called.caller_id = used.function_id
    and called.source ~ '(from|join)\s+(only\s+)?("?public"?\s*\.\s*)?"?chat_room_members\M'
cross join status
where called.source_with_constants !~ status.words
union
select format('%s.%s', policy.polrelid::regclass, policy.polname), format('the policy %I on %s', policy.polname, policy.polrelid::regclass)
from reading
join pg_policy as policy
    on reading.classid = 'pg_policy'::regclass
    and policy.oid = reading.objid
    and policy.polrelid not in (select table_id from schema_fix.present_tables)
cross join status
where lower(concat_ws(' ', pg_get_expr(policy.polqual, policy.polrelid), pg_get_expr(policy.polwithcheck, policy.polrelid))) !~ status.words
union
select view.oid::regclass::text, format('the view %s', view.oid::regclass)
from reading
join pg_rewrite as rule
    on reading.classid = 'pg_rewrite'::regclass
    and rule.oid = reading.objid
join pg_class as view
    on view.oid = rule.ev_class
    and view.relkind in ('v', 'm')
    and view.relnamespace not in (select oid from pg_namespace where nspname in ('schema_fix', 'chat_access'))
    and not coalesce(view.reloptions, '{}') && '{security_invoker=true,security_invoker=on,security_invoker=1}'
    and has_any_column_privilege('authenticated', view.oid, 'select')
cross join status
where lower(pg_get_viewdef(view.oid)) !~ status.words
    and exists (
        select
        from schema_fix.present_tables as shown
        where shown.holds <> 'members'
            and schema_fix.reads(view.oid, shown.table_id)
    );

create view schema_fix.decisions_about_functions (name, problem, may_be_acknowledged) as
select
    name,
    format(
        '%s takes every row of public.chat_room_members for a member, and with the fix everybody puts a row there who asks to join, and waits:'
            ' let it ask for the status approved, or user_is_in_room',
        what
    ),
    true
from schema_fix.readers_of_whoever_asks
where not schema_fix.is_open('chat_room_members', 'a')
    and not schema_fix.was_applied()
union all
-- Functions under the names of the fix's that look at something which these do not know: the condition would be lost with the body.
select
    routine.oid::regprocedure::text,
    format('the function %s, which the fix replaces, looks at %s', routine.oid::regprocedure, string_agg(distinct found.looks_at, ', ')),
    true
from pg_proc as routine
join schema_fix.functions as ours
    on ours.function_name = routine.proname
    and routine.pronamespace = 'public'::regnamespace
join schema_fix.functions_called as called
    on called.caller_id = routine.oid
cross join lateral (
    select looks_at from schema_fix.unknown_in(called.function_id) as unknown (looks_at)
    union
    select format('the word %L', word)
    from pg_proc as said
    cross join lateral schema_fix.unknown_words_in(said.prosrc) as unknown (word)
    where said.oid = called.function_id
    union
    -- mutant: what a function of the application's asks of known tables is forgotten
    select asked
    from schema_fix.asked_besides(routine.proname, called.source_with_constants) as besides (asked)
    where routine.proname !~ '^user_is_'
) as found
-- mutant: a function of the application's forgets what it asked
where not schema_fix.was_applied()
group by routine.oid
union all
select
    function_id::regprocedure::text,
    format('the function %s, which others use and the fix replaces, %s', function_id::regprocedure, problem),
    true
-- mutant: what others ask of a helper is answered otherwise
from schema_fix.helpers_not_kept()
where not schema_fix.was_applied()
union all
-- Functions under the names of the application's that nobody signed in may call.
select
    routine.oid::regprocedure::text,
    format('the function %s, which the fix replaces, may be called by nobody who is signed in; with the fix everybody calls it', routine.oid::regprocedure),
    true
from pg_proc as routine
join schema_fix.functions as ours
    on ours.function_name = routine.proname
    and ours.function_name !~ '^user_is_'
    and routine.pronamespace = 'public'::regnamespace
    and routine.prorettype <> 'trigger'::regtype
where not has_function_privilege('authenticated', routine.oid, 'execute')
    and not schema_fix.was_applied()
union all
-- Functions that read memberships which move.
select
    used.function_id::text,
    format('the function %s uses %s', used.function_id, string_agg(distinct concat_ws(', ', moved.table_id, moved.how), '; ')),
    true
from schema_fix.tables_left as moved
join schema_fix.functions_called as called
    -- What only notes something in the participants of the first generation finds those of old; a trigger may note it in the room.
    on called.source ~ format(
        case moved.table_name
            when 'conversation_participants' then '(from|join)\s+(only\s+)?("?public"?\s*\.\s*)?"?%s\M'
            when 'rooms' then '(from|join|into|update)\s+(only\s+)?("?public"?\s*\.\s*)?"?%s\M'
            else '\m%s\M'
        end,
        moved.table_name
    )
join schema_fix.functions_in_use as used
    on used.function_id = called.caller_id
join pg_proc as using_it
    on using_it.oid = called.caller_id
    and not (
        moved.table_name = 'rooms'
        and using_it.prorettype = 'trigger'::regtype
        and called.source !~ '(from|join|into)\s+(only\s+)?("?public"?\s*\.\s*)?"?rooms\M'
    )
where not schema_fix.was_applied()
group by used.function_id
union all
-- Policies of others, or restrictive ones, that read them.
select
    format('%s.%s', policy.polrelid::regclass, policy.polname),
    format('policy %I on %s reads %s, %s', policy.polname, policy.polrelid::regclass, moved.table_id, moved.how),
    true
from schema_fix.tables_left as moved
join pg_depend as reading
    on reading.classid = 'pg_policy'::regclass
    and reading.refclassid = 'pg_class'::regclass
    and reading.refobjid = moved.table_id
join pg_policy as policy
    on policy.oid = reading.objid
    and policy.polrelid <> moved.table_id
    and policy.oid not in (select policy_id from schema_fix.present_policies where is_permissive)
where not schema_fix.was_applied()
group by policy.polrelid, policy.polname, moved.table_id, moved.how
union all
-- Views over them.
select
    reader.oid::regclass::text,
    format('the view %s reads %s', reader.oid::regclass, string_agg(distinct concat_ws(', ', moved.table_id, moved.how), '; ')),
    true
from schema_fix.tables_left as moved
join pg_depend as reading
    on reading.classid = 'pg_rewrite'::regclass
    and reading.refclassid = 'pg_class'::regclass
    and reading.refobjid = moved.table_id
    and moved.table_name not in ('chat_room_members', 'rooms')
join pg_rewrite as rule
    on rule.oid = reading.objid
join pg_class as reader
    on reader.oid = rule.ev_class
    and reader.relkind in ('v', 'm')
    and reader.relnamespace not in (select oid from pg_namespace where nspname in ('schema_fix', 'chat_access'))
    -- A view under a name of the first generation is one of the chat's.
    and not (reader.relnamespace = 'public'::regnamespace and reader.relname in (select table_name from schema_fix.tables))
where not schema_fix.was_applied()
group by reader.oid
union all
-- Triggers on them, which would no longer see these memberships come and go.
select
    format('%s.%s', moved.table_id, acting.tgname),
    format('the trigger %I acts on %s, %s', acting.tgname, moved.table_id, moved.how),
    true
from schema_fix.tables_left as moved
join pg_trigger as acting
    on acting.tgrelid = moved.table_id
    and not acting.tgisinternal
    and acting.tgenabled <> 'D'
where not schema_fix.was_applied()
union all
-- Functions that write messages without a sender: lines of the system, calls, bots. No new message is without one.
select
    used.function_id::text,
    format(
        'the function %s writes messages without a sender into public.chat_messages, and with the fix every new one has one', used.function_id
    ),
    true
from schema_fix.functions_called as called
join schema_fix.functions_in_use as used
    on used.function_id = called.caller_id
cross join lateral regexp_matches(
    called.source, 'insert\s+into\s+(?:"?public"?\s*\.\s*)?"?chat_messages"?\s*(?:as\s+\w+\s*)?\(([^)]*)\)([^;]*)', 'g'
) as written (parts)
where not schema_fix.was_applied()
    and (
        not exists (
            select
            from unnest(schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'sender')) as sender (name)
            where written.parts[1] ~ format('\m%s\M', lower(sender.name))
                or exists (
                    select
                    from pg_attrdef
                    where adrelid = schema_fix.table_called('chat_messages')
                        and adnum = schema_fix.place_of(adrelid, sender.name)
                )
        )
        or written.parts[2] ~ '[(,]\s*null\M|select\s+null\M'
    )
group by used.function_id
union all
-- Functions that ask for a word which the fix replaces, or write it.
select
    used.function_id::text,
    format(
        'the function %s knows the word %L, which the fix replaces in %s',
        used.function_id, word.constant, string_agg(distinct format('%s.%I', worded.table_id, worded.column_name), ', ')
    ),
    true
from schema_fix.functions_called as called
join schema_fix.functions_in_use as used
    on used.function_id = called.caller_id
join pg_proc as routine
    on routine.oid = called.function_id
    and routine.prosqlbody is null
join schema_fix.worded_columns as worded
    on called.source ~ format('\m%s\M', (select relname from pg_class where oid = worded.table_id))
    and called.source ~ format('\m%s\M', lower(worded.column_name))
cross join lateral unnest(schema_fix.constants_in(routine.prosrc)) as word (constant)
where not schema_fix.was_applied()
    and word.constant not in (select means from schema_fix.words as known where known.column_name = worded.stands_for)
    and schema_fix.is_written(worded.table_id, worded.column_name, word.constant)
group by used.function_id, word.constant
union all
-- Functions that handle a column by the type that it has today, where it gets another one. Postgres compares no uuid with a text or a
-- number, finds no key in a text, and takes no other type for a result that a function has declared.
select
    used.function_id::text,
    format(
        'the function %s handles %s, of which the fix makes another type',
        used.function_id, string_agg(distinct format('%s.%I as %s', changed.table_id, changed.column_name, format_type(changed.old_type, null)), ', ')
    ),
    true
from schema_fix.functions_called as called
join schema_fix.functions_in_use as used
    on used.function_id = called.caller_id
join pg_proc as routine
    on routine.oid = called.function_id
    and routine.prosqlbody is null
join (
    select present.table_id, present.table_name, attribute.attname as column_name, type.oid as old_type, type.typname, type.typcategory, wanted.column_type
    from schema_fix.present_tables as present
    join schema_fix.columns as wanted
        on wanted.table_name = present.table_name
    cross join lateral unnest(schema_fix.columns_for(present.table_id, wanted.column_name)) as found (name)
    join pg_attribute as attribute
        on attribute.attrelid = present.table_id
        and attribute.attname = found.name
    join pg_type as type
        on type.oid = attribute.atttypid
        and type.oid <> wanted.column_type
    where not (present.table_name = 'chat_messages' and wanted.column_name = 'id' and type.typcategory = 'N')
) as changed
    on called.source ~ format('\m%s\M', changed.table_name)
    and called.source ~ format('\m%s\M', lower(changed.column_name))
where not schema_fix.was_applied()
    and case
        when changed.typcategory = 'N' then true
        when changed.column_type = 'uuid'::regtype then
            coalesce(routine.proallargtypes, routine.proargtypes::oid[]) || routine.prorettype
                && array['text'::regtype, 'varchar'::regtype, 'bpchar'::regtype]::oid[]
            or called.source ~ '\m(text|varchar|character varying)\M'
        when changed.typname in ('json', 'jsonb') then called.source ~ 'json|->'
        when changed.typcategory = 'E' and schema_fix.takes_our_words(changed.old_type) then false
        when changed.typcategory = 'E' then called.source ~ format('\m%s\M', lower(changed.typname))
        else routine.prolang = (select oid from pg_language where lanname = 'plpgsql')
            and changed.old_type = any (routine.proallargtypes)
    end
group by used.function_id;
