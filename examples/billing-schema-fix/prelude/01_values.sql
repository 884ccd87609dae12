--! Title: What the texts of the old tables mean

-- Two spellings of one address differ by capitals and blanks.
create function schema_fix.email_of(value text) returns text
language sql immutable
set search_path = ''
as $$ select pg_catalog.lower(pg_catalog.btrim(value)) $$;

-- '1,234.50' is an amount; '12,50' may be twelve and a half or a typing mistake, and is none. Null: nobody can say.
create function schema_fix.amount_of(value text) returns numeric
language sql immutable
set search_path = ''
as $$
    select case
        when pg_catalog.btrim(value) ~ '^-?(\d{1,3}(,\d{3})+|\d{1,9})(\.\d{1,2})?$'
        then pg_catalog.replace(pg_catalog.btrim(value), ',', '')::pg_catalog.numeric(12, 2)
    end
$$;

-- The ids of all organisations that there are, wherever they are kept.
create function schema_fix.organisations() returns setof text
language plpgsql stable
set search_path = ''
as $$
declare
    place pg_catalog.regclass;
begin
    foreach place in array array[
        pg_catalog.to_regclass('public.accounts'), pg_catalog.to_regclass('public.organisations')
    ] loop
        if place is not null then
            return query execute pg_catalog.format('select id::pg_catalog.text from %s', place);
        end if;
    end loop;
end
$$;

-- The type of a column, or null where there is no such column.
create function schema_fix.type_of(tab text, col text) returns text
language sql stable
set search_path = ''
as $$
    select pg_catalog.format_type(a.atttypid, a.atttypmod)
    from pg_catalog.pg_attribute as a
    where a.attrelid = pg_catalog.to_regclass(tab) and a.attname = col and not a.attisdropped
$$;
