--! Title: Triggers that call a function with its definer's rights, for whoever writes the table
with
-- Of text and of every enum, as a regular expression.
casts as (
    select pg_catalog.format(
        '::(?:%s)(?![\w.\[])',
        pg_catalog.string_agg(pg_catalog.regexp_replace(pg_catalog.format_type(oid, null), '(\W)', '\\\1', 'g'), '|')
    ) as pattern
    from pg_catalog.pg_type
    where typtype = 'e' or oid = 'pg_catalog.text'::pg_catalog.regtype
)

select
    n.nspname || '.' || p.proname as function,
    p.oid::pg_catalog.regprocedure::pg_catalog.text as signature,
    t.tgname as name,
    s.nspname || '.' || c.relname as relation,
    pg_catalog.md5(
        pg_catalog.concat_ws(' ', p.proowner::pg_catalog.regrole, pg_catalog.pg_get_functiondef(p.oid))
    ) as definition,
    -- As it is written, and by its parts, which a new name of the table or of a column leaves as they are. An enum's words are the
    -- same words where the column is a text now, but for their order.
    pg_catalog.md5(
        pg_catalog.concat_ws(
            ' ',
            case
                when pg_catalog.replace(d.written, '<>', '') ~ '[<>]' then d.written
                else
                    pg_catalog.regexp_replace(
                        d.written,
                        pg_catalog.format('(''(?:[^'']|'''')*'')(?:%1$s)?|\(((?:old|new)\.\w+)\)%1$s', casts.pattern),
                        '\1\2', 'g'
                    )
            end,
            t.tgenabled
        )
    ) as written,
    pg_catalog.md5(
        pg_catalog.concat_ws(
            ' ', t.tgrelid, t.tgtype, t.tgenabled, t.tgattr, t.tgargs,
            pg_catalog.regexp_replace(t.tgqual::pg_catalog.text, ':location -?\d+', '', 'g')
        )
    ) as parts
from pg_catalog.pg_trigger as t
inner join pg_catalog.pg_proc as p on t.tgfoid = p.oid
inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
inner join pg_catalog.pg_class as c on t.tgrelid = c.oid
inner join pg_catalog.pg_namespace as s on c.relnamespace = s.oid
cross join lateral pg_catalog.pg_get_triggerdef(t.oid) as d (written)
cross join casts
-- One of a partition goes with that of its parent.
where p.prosecdef and not t.tgisinternal and t.tgparentid = 0 and t.tgenabled <> 'D'
order by relation, name
