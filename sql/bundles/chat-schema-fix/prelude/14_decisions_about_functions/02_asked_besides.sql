--! Title: What replaced functions ask that those of the fix do not

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
                and routine.oid not in (select function_id from schema_fix.functions_of_extensions)
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
        and body.words ~ schema_fix.table_after('from|join', present.table_name)
    union
    -- That of the fix raises an error.
    select 'whether the group is there, which it returns then'
    from body
    where function_name = 'create_group_room'
        and words ~ schema_fix.table_after('from', 'chat_rooms')
        -- mutant: a function that returned the group that is there raises an error
        and words ~ '\mif\s+\(?\s*(\w+\s+is\s+not\s+null|found)\s*\)?\s+then\s+return\s+\w'
    union
    select format('what %s says', present.table_id)
    from body
    join schema_fix.present_tables as present
        on present.holds = 'messages'
        and body.words ~ schema_fix.table_after('from|join', present.table_name)
$$;
