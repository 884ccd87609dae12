--! Title: requests are answered with status 503 and never sent

create domain @extschema@.http_method as text;
create type @extschema@.http_header as (field varchar, value varchar);
create type @extschema@.http_request as (
    method @extschema@.http_method,
    uri varchar,
    headers @extschema@.http_header[],
    content_type varchar,
    content varchar
);
create type @extschema@.http_response as (
    status integer,
    content_type varchar,
    headers @extschema@.http_header[],
    content varchar
);

create function @extschema@.http_header(field varchar, value varchar) returns @extschema@.http_header
language sql
as $$ select $1, $2 $$;
create function @extschema@.http(request @extschema@.http_request) returns @extschema@.http_response
language sql
as $$ select 503, 'text/plain'::varchar, '{}'::@extschema@.http_header[], ''::varchar $$;
create function @extschema@.http_get(uri varchar) returns @extschema@.http_response
language sql
as $$ select @extschema@.http(('GET', $1, null, null, null)::@extschema@.http_request) $$;
create function @extschema@.http_get(uri varchar, data jsonb) returns @extschema@.http_response
language sql
as $$ select @extschema@.http(('GET', $1, null, null, null)::@extschema@.http_request) $$;
create function @extschema@.http_post(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response
language sql
as $$ select @extschema@.http(('POST', $1, null, $3, $2)::@extschema@.http_request) $$;
create function @extschema@.http_post(uri varchar, data jsonb) returns @extschema@.http_response
language sql
as $$ select @extschema@.http(('POST', $1, null, 'application/json', $2::text)::@extschema@.http_request) $$;
create function @extschema@.http_put(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response
language sql
as $$ select @extschema@.http(('PUT', $1, null, $3, $2)::@extschema@.http_request) $$;
create function @extschema@.http_patch(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response
language sql
as $$ select @extschema@.http(('PATCH', $1, null, $3, $2)::@extschema@.http_request) $$;
create function @extschema@.http_delete(uri varchar) returns @extschema@.http_response
language sql
as $$ select @extschema@.http(('DELETE', $1, null, null, null)::@extschema@.http_request) $$;
create function @extschema@.http_set_curlopt(curlopt varchar, value varchar) returns boolean
language sql
as $$ select true $$;
create function @extschema@.http_reset_curlopt() returns boolean
language sql
as $$ select true $$;
create function @extschema@.urlencode(string varchar) returns text
language sql
immutable strict
as $$
    select pg_catalog.string_agg(
        case
            when c ~ '[A-Za-z0-9_.~-]' then c
            else pg_catalog.upper(
                pg_catalog.regexp_replace(pg_catalog.encode(pg_catalog.convert_to(c, 'UTF8'), 'hex'), '(..)', '%\1', 'g')
            )
        end,
        '' order by n
    )
    from pg_catalog.regexp_split_to_table(string, '') with ordinality as letter (c, n)
$$;
