--! Title: A small chat in which old policies are tried

-- An old policy is understood if it can be asked of a small chat that the fix makes up, in which there are only rooms, people,
-- memberships and senders. So its words are taken over one by one, if they are known here, with the fix's tables in the place of
-- the chat's, and with the bodies of the functions that it calls. Whatever is not known is an error that says what it was:
-- nothing that others wrote is executed.

-- The words of a text of SQL, without its comments. A name without quotes is in lower case.
create function schema_fix.tokens_of(source text) returns text[]
language sql
immutable
as $$
    select coalesce(
        array_agg(
            case when found.parts[2] ~ '^[[:alpha:]_]' then lower(found.parts[2]) else found.parts[2] end order by found.place
        ),
        '{}'
    )
    from regexp_matches(
        source,
        '(--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/)|(''(?:[^'']|'''')*''|"(?:[^"]|"")*"|[[:alpha:]_][[:alnum:]_$]*|\$\d+|\d+|::|->>|->|<>|!=|>=|<=|[^[:space:]])',
        'g'
    ) with ordinality as found (parts, place)
    where found.parts[2] is not null
$$;

-- The place of the parenthesis that closes the one at a place.
create function schema_fix.closing_of(tokens text[], opening integer) returns integer
language sql
immutable
as $$
    select min(place)
    from (
        select
            place,
            sum(case token when '(' then 1 when ')' then -1 else 0 end) over (order by place) as depth
        from unnest(tokens[opening:]) with ordinality as word (token, nth)
        cross join lateral (select (opening + nth - 1)::integer) as counted (place)
    ) as walked
    where depth = 0
$$;

-- The table of the chat that bears a name, or the view that shows every row of one.
create function schema_fix.small_source(wanted text) returns regclass
language sql
stable
as $$
    select relation.oid::regclass
    from schema_fix.tables
    join pg_class as relation
        on relation.relname = table_name
        and relation.relnamespace = 'public'::regnamespace
    where table_name = wanted
        and (
            relation.relkind = 'r'
            or relation.relkind = 'v' and pg_get_viewdef(relation.oid) !~* '\m(where|join|union|except|intersect|limit|group|having|distinct)\M'
        )
$$;

-- What a table of the chat holds in the world that is tried: its known columns, under the names that they have. What a policy
-- reads with its caller's rights, other policies narrow: to what these let in, too, after the fix.
create function schema_fix.small_table(wanted name, sees_all boolean) returns text
language plpgsql
stable
as $$
declare
    target constant regclass := schema_fix.small_source(wanted);
    holding constant text := (select holds from schema_fix.tables where table_name = wanted);
    has_status constant boolean := schema_fix.columns_for(target, 'status') <> '{}';
    rows_of text;
    narrowed text := 'true';
begin
    if not sees_all
        and (select relrowsecurity from pg_class where oid = target)
        and (select generation from schema_fix.tables where table_name = wanted) = 'current'
    then
        narrowed := case holding
            when 'members' then $sql$(r.user_id = 'me' or r.room_id = 'here' and ("the world".it).status = 'approved')$sql$
            when 'rooms' then $sql$(r.id = 'here' and (("the world".it).status = 'approved' or ("the world".it).is_creator)
                or r.id = 'elsewhere' and ("the world".it).standing = 'elsewhere')$sql$
            else 'true'
        end;
    end if;
    rows_of := case holding
        when 'members' then format(
            $sql$values
                (case when ("the world".it).standing = 'here' and (("the world".it).status = 'approved' or %1$L) and %2$L = any (("the world".it).held_in)
                    then 'here' end, 'me', ("the world".it).role, ("the world".it).status, ("the world".it).invited_by),
                (case when %2$L = any (("the world".it).others_in) and coalesce(("the world".it).sender_is not in ('gone', 'nobody'), true) then 'here' end,
                    'other', case when ("the world".it).sender_is is null then 'admin' else 'member' end,
                    case when ("the world".it).sender_is in ('pending', 'blocked') then ("the world".it).sender_is else 'approved' end, null),
                (case when %2$L = any (("the world".it).others_in) and (("the world".it).sender_is is not null or ("the world".it).creator_is = 'blocked')
                    then 'here' end, 'another', 'admin', coalesce(("the world".it).creator_is, 'approved'), null),
                (case when ("the world".it).standing = 'elsewhere' and %2$L = any (("the world".it).elsewhere_in) then 'elsewhere' end, 'me', 'admin', 'approved', null)$sql$,
            has_status, wanted
        )
        when 'rooms' then $sql$values
            ('here', ("the world".it).type, case when ("the world".it).is_creator then 'me'
                when ("the world".it).creator_is is distinct from 'nobody' then 'another' end),
            ('elsewhere', 'group', 'another')$sql$
        else $sql$values ('here', case when ("the world".it).is_own then 'me' when ("the world".it).sender_is is distinct from 'nobody' then 'other' end),
            ('here', 'other')$sql$
    end;
    return format(
        '(select %s from (%s) as r (%s) where r.%s is not null and %s)',
        coalesce(
            (
                select string_agg(format('r.%I as %I', fact.name, present.name), ', ')
                from unnest(schema_fix.small_facts(holding)) as fact (name)
                cross join lateral unnest(schema_fix.columns_for(target, fact.name)) as present (name)
            ),
            ''
        ),
        rows_of,
        (select string_agg(quote_ident(name), ', ' order by place) from unnest(schema_fix.small_facts(holding)) with ordinality as fact (name, place)),
        (schema_fix.small_facts(holding))[1],
        narrowed
    );
end
$$;

-- The columns of the small chat, the room first.
create function schema_fix.small_facts(holding text) returns name[]
language sql
immutable
return case holding
    when 'members' then '{room_id,user_id,role,status,invited_by}'::name[]
    when 'rooms' then '{id,type,created_by}'::name[]
    else '{room_id,sender}'::name[]
end;
