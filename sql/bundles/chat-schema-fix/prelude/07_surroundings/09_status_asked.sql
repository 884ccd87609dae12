--! Title: Whether a text of SQL asks for the status of a membership

-- The columns that say the status of a membership, as a pattern for their names.
create function schema_fix.status_columns() returns text
language sql
stable
return (
    select '(' || string_agg(distinct lower(named.column_name), '|') || ')'
    from (
        select 'status' as column_name
        union all
        select unnest(schema_fix.columns_for(schema_fix.table_called('chat_room_members'), 'status'))
        union all
        select known_as from schema_fix.flags where column_name = 'status'
    ) as named
);

-- Whether a function, of which this is the text in lower case, asks for the status of a membership, or for its role: who waits is no admin. `handed` are
-- the relations that hand memberships on; `of_memberships` whether it is a trigger's that a membership fires. The status of something else is none.
create function schema_fix.asks_the_status(source text, handed oid[], of_memberships boolean default false) returns boolean
language sql
stable
as $$
    with said as materialized (
        -- Without constants but for words.
        select regexp_replace(schema_fix.without_comments(asks_the_status.source), '(''\w+'')|''([^'']|'''')*''', '\1', 'g') as source
    ),
    query as materialized (
        select query.* from said cross join lateral schema_fix.queries_in(said.source) as query
    ),
    -- mutant: the status of something else keeps out who asks to join
    relation as materialized (
        select query.number, query.statement, named.relation_id, named.qualifier, named.relation_id = any (handed) as is_membership
        from query
        cross join lateral schema_fix.relations_in(query.words) as named
    ),
    -- The columns that say it, and what is compared with its words or those of admins.
    asked as materialized (
        select format(
            '(?:%s)',
            concat_ws('|', btrim(schema_fix.status_columns(), '()'), (
                select string_agg(distinct compared.parts[1], '|')
                from said
                cross join lateral regexp_matches(
                    said.source,
                    format(
                        '(\w+)"?\)*(?:\s*::\s*[\w."]+)?\s*(?:=|<>|!=|\min\M|\mnot\s+in\M|=\s*any)\s*[^\w;]*(?:''\w+''[^\w;]*)*?''(?:%s)''',
                        (select string_agg(distinct word, '|') from schema_fix.words where means in ('approved', 'pending', 'admin') and word ~ '^\w+$')
                    ),
                    'g'
                ) as compared (parts)
            ), (select string_agg(distinct known_as::text, '|') from schema_fix.flags where column_name = 'role'))
        ) as names
    ),
    -- Without what is written, and the names of results.
    mentioned as materialized (
        select query.number, query.statement, said.parts[1] as qualifier, said.parts[2] as column_name
        from query
        cross join asked
        cross join lateral regexp_matches(
            regexp_replace(
                regexp_replace(query.words, '\mset\M.*?(\mwhere\M|\mfrom\M|\mreturning\M|$)', ' \1', 'g'),
                '\minsert\s+into\s+[\w."]+\s*\([^()]*\)|\mas\s+"?\w+', ' ', 'g'
            ),
            format('(?:(?<![\w.])"?(\w+)"?\s*\.\s*|(?<![\w."'']))"?(%s)"?(?![\w(''])', asked.names), 'g'
        ) as said (parts)
    ),
    -- The query and those around it, from within.
    around as materialized (
        with recursive enclosing (number, reached, depth) as (
            select number, number, 0 from query
            union all
            select enclosing.number, query.within, enclosing.depth + 1
            from enclosing
            join query
                on query.number = enclosing.reached
            where query.within <> 0
        )
        select * from enclosing
    )
    select exists (
        select
        from mentioned
        cross join lateral (
            select array_agg(found.is_membership order by found.depth) as memberships
            from (
                select around.depth, bool_or(relation.is_membership is not false) as is_membership
                from around
                join relation
                    on relation.number = around.reached
                where around.number = mentioned.number
                    and case
                        when mentioned.qualifier is not null then relation.qualifier = mentioned.qualifier
                        else relation.relation_id is null
                            or exists (
                                select from pg_attribute where attrelid = relation.relation_id and lower(attname) = mentioned.column_name and not attisdropped
                            )
                    end
                group by around.depth
            ) as found
        ) as held
        where coalesce(
            held.memberships[1],
            -- The row of a trigger, or one that a variable holds.
            mentioned.qualifier in ('new', 'old') and of_memberships
            or exists (
                select
                from query
                join relation
                    on relation.statement = query.statement
                    and relation.is_membership
                where query.words ~ format('\m(into(\s+strict)?(\s+\w+\s*,)*|for)\s+"?%s\M', mentioned.qualifier)
            )
            or exists (
                select
                from pg_class
                cross join said
                where oid = any (handed)
                    and said.source ~ format('\m%s\s+("?public"?\s*\.\s*)?"?%s\M', mentioned.qualifier, lower(relname))
                    and mentioned.qualifier not in ('from', 'join')
            ),
            false
        )
    )
$$;
