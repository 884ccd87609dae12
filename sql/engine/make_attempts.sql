--! Title: Makes what tries out statements by themselves, each undone: it answers with what Postgres says against each, or null
-- Once the path is another, nothing is called here but what is tried.
create function pg_temp.schema_fix_attempts(attempts pg_catalog.jsonb) returns setof text
language plpgsql
as $schema_fix$
declare
    attempt pg_catalog.jsonb;
    statements pg_catalog.text[];
    statement pg_catalog.text;
    found_path pg_catalog.text;
    answer pg_catalog.text;
    said pg_catalog.text;
begin
    for attempt in select a.value from pg_catalog.jsonb_array_elements(attempts) as a loop
        answer := null;
        said := null;
        found_path := attempt operator(pg_catalog.->>) 'path';
        statements := array(select s.value from pg_catalog.jsonb_array_elements_text(attempt operator(pg_catalog.->) 'statements') as s);
        begin
            perform pg_catalog.set_config(s.name, s.value, true)
            from (
                values
                    ('client_min_messages', 'error'), ('check_function_bodies', 'on'), ('lock_timeout', '200ms'), ('search_path', found_path)
            ) as s (name, value);
            foreach statement in array statements loop
                execute statement;
            end loop;
            raise sqlstate 'SFU00';
        exception
            when sqlstate 'SFU00' then
                null;
            when others then
                get stacked diagnostics said = message_text;
                answer := sqlstate || ' ' || said;
        end;
        return next answer;
    end loop;
end
$schema_fix$
