--! Title: Old policies in the words of the small chat

-- An expression, or the query of a function, in the words of the small chat.
create function schema_fix.in_small(tokens text[], sees_all boolean, routine_name text, parameters text[], depth integer) returns text
language plpgsql
stable
as $$
declare
    keywords constant text[] := '{select,from,where,and,or,not,exists,in,any,some,array,join,inner,left,cross,on,as,true,false,"null",is,'
        'distinct,case,when,then,else,end,union,all,limit,coalesce,nullif,array_agg}';
    is_name constant text := '^([[:alpha:]_]|")';
    said text := '';
    former text := '';
    place integer := 1;
    token text;
    closing integer;
    called_at integer;
    arguments text[];
    begun integer;
    deep integer;
    claims constant text := '{"sub": "me", "role": "authenticated"}';
    is_table boolean;
begin
    if cardinality(tokens) > 2000 then
        raise exception 'an expression of more than 2000 words' using errcode = 'feature_not_supported';
    end if;
    while place <= cardinality(tokens) loop
        token := tokens[place];
        -- A call, with its schema or without.
        called_at := case
            when former in (')', 'as') or token !~ is_name or token = any (keywords) then null
            when tokens[place + 1] = '(' then place + 1
            when tokens[place + 1] = '.' and tokens[place + 3] = '(' then place + 3
        end;
        if token = 'select' and former = '(' and tokens[place - 2] = 'exists' then
            -- Whatever it lists, it is asked whether there is a row.
            said := said || token || ' ';
            deep := 0;
            while place < cardinality(tokens) and (deep > 0 or tokens[place + 1] not in ('from', 'where', 'union', ')')) loop
                place := place + 1;
                deep := deep + case when tokens[place] in ('(', '[') then 1 when tokens[place] in (')', ']') then -1 else 0 end;
            end loop;
        elsif token = '::' then
            -- A cast changes nothing but the type: everything is text here.
            place := place + case when tokens[place + 2] = '.' then 4 else 2 end;
            token := tokens[place - 1];
            if tokens[place] = 'varying' then
                place := place + 1;
            end if;
            if tokens[place] = '(' then
                place := schema_fix.closing_of(tokens, place) + 1;
            end if;
            if tokens[place] = '[' and tokens[place + 1] = ']' then
                place := place + 2;
                said := said || '::text[]';
            elsif token in ('json', 'jsonb') then
                said := said || '::jsonb';
            end if;
            continue;
        elsif called_at is not null then
            closing := schema_fix.closing_of(tokens, called_at);
            if called_at = place + 3 and token = 'auth' then
                said := said || case tokens[place + 2]
                    when 'uid' then '''me'''
                    when 'role' then '''authenticated'''
                    when 'jwt' then format('%L::jsonb', claims)
                end;
                if said is null then
                    raise exception 'the function auth.%', tokens[place + 2] using errcode = 'feature_not_supported';
                end if;
            elsif token = 'current_setting' then
                said := said || case tokens[called_at + 1]
                    when '''request.jwt.claims''' then quote_literal(claims)
                    when '''request.jwt.claim.sub''' then '''me'''
                    when '''request.jwt.claim.role''' then '''authenticated'''
                end;
                if said is null then
                    raise exception 'a setting of the session' using errcode = 'feature_not_supported';
                end if;
            elsif called_at = place + 1 and token = 'unnest' then
                said := said || format(
                    'unnest(%s)', schema_fix.in_small(tokens[called_at + 1:closing - 1], sees_all, routine_name, parameters, depth)
                );
            else
                arguments := '{}';
                begun := called_at + 1;
                deep := 0;
                for word in called_at + 1 .. closing loop
                    if tokens[word] in ('(', '[') then
                        deep := deep + 1;
                    elsif tokens[word] in (')', ']') and word < closing then
                        deep := deep - 1;
                    elsif word = closing and word > begun or tokens[word] = ',' and deep = 0 then
                        arguments := arguments || schema_fix.in_small(tokens[begun:word - 1], sees_all, routine_name, parameters, depth);
                        begun := word + 1;
                    end if;
                end loop;
                is_table := former in ('from', 'join');
                said := said || schema_fix.call_in_small(
                    case when called_at = place + 3 then btrim(token, '"') end,
                    btrim(tokens[called_at - 1], '"'), arguments, is_table, depth
                );
                if is_table and (coalesce(tokens[closing + 1], '') !~ is_name or tokens[closing + 1] = any (keywords))
                    and tokens[closing + 1] is distinct from 'as'
                then
                    said := said || ' as ' || tokens[called_at - 1];
                end if;
            end if;
            place := closing + 1;
            former := ')';
            said := said || ' ';
            continue;
        elsif tokens[place:place + 2] = '{chat_access,.,my_rooms}' then
            -- What the fix's own policies ask.
            said := said || $sql$(select v.room_id from (values
                (case when ("the world".it).status = 'approved' then 'here' end),
                (case when ("the world".it).standing = 'elsewhere' then 'elsewhere' end)) as v (room_id)) $sql$;
            place := place + 3;
            former := ')';
            continue;
        elsif tokens[place:place + 2] in ('{chat_access,.,begun_rooms}', '{chat_access,.,my_new_groups}') then
            -- Nobody is about to fill a group.
            said := said || '(select null::text as room_id where false) ';
            place := place + 3;
            former := ')';
            continue;
        elsif token = 'public' and tokens[place + 1] = '.' then
            place := place + 2;
            continue;
        elsif token = '->>' then
            if coalesce(tokens[place + 1], '') not in ('''sub''', '''role''') then
                raise exception 'the claims of the token' using errcode = 'feature_not_supported';
            end if;
            said := said || '->> ';
        elsif token ~ '^\$' and token <> '$' then
            said := said || format('%I.%I ', routine_name, parameters[substr(token, 2)::integer]);
        elsif token ~ '^''' then
            said := said || quote_literal(replace(substr(token, 2, length(token) - 2), '''''', '''')) || ' ';
        elsif token = '*' and former in ('select', '.')
            or token in ('(', ')', ',', '.', '[', ']', '=', '<>', '!=')
            or token ~ '^\d+$'
            or token = any (keywords)
        then
            said := said || token || ' ';
        elsif token !~ is_name then
            raise exception 'the operator %', token using errcode = 'feature_not_supported';
        elsif schema_fix.small_source(btrim(token, '"')) is not null
            and former in ('from', 'join', ',', '(')
            and tokens[place + 1] is distinct from '.'
        then
            said := said || schema_fix.small_table(btrim(token, '"'), sees_all);
            if coalesce(tokens[place + 1], '') !~ is_name or tokens[place + 1] = any (keywords) and tokens[place + 1] <> 'as' then
                said := said || ' as ' || token;
            end if;
            said := said || ' ';
        elsif former in ('from', 'join') and tokens[place - 2] is distinct from 'distinct' then
            raise exception 'the table %', token using errcode = 'feature_not_supported';
        else
            said := said || quote_ident(replace(btrim(token, '"'), '""', '"')) || ' ';
        end if;
        former := token;
        place := place + 1;
    end loop;
    return said;
end
$$;
