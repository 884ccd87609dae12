--! Title: Who reads a table

-- Whether a view reads a table, also through other views.
create function schema_fix.reads(target regclass, wanted regclass) returns boolean
language sql
stable
as $$
    with recursive reached (oid) as (
        select target::oid
        union
        select dependency.refobjid
        from reached
        join pg_rewrite as rule
            on rule.ev_class = reached.oid
        join pg_depend as dependency
            on dependency.classid = 'pg_rewrite'::regclass
            and dependency.objid = rule.oid
            and dependency.refclassid = 'pg_class'::regclass
    )
    select exists (select from reached where oid = wanted)
$$;

-- Whether it reads a table of the chat.
create function schema_fix.reads_the_chat(target regclass) returns boolean
language sql
stable
return exists (select from schema_fix.present_tables where schema_fix.reads(target, table_id));
