--! Title: A tool that runs statements

-- One after the other.
create function schema_fix.run_each(statements text[]) returns void
language plpgsql
as $$
declare
    statement text;
begin
    foreach statement in array statements loop
        execute statement;
    end loop;
end
$$;
