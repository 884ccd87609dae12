--! Title: What became of every row noted before the fix: one row for each kind, with the first 20 that are lost
with
before as (
    select kind, mask, digest, source, count(*) as copies, min(label) as label
    from pg_temp.schema_fix_before
    group by kind, mask, digest, source
),

after as (
    select kind, mask, digest, source, count(*) as copies
    from pg_temp.schema_fix_after
    group by kind, mask, digest, source
),

-- The same row, by table: quarantine ($1) is a table like the others, so what was in it must stay in it.
places as (
    select
        kind,
        mask,
        digest,
        source,
        source is not distinct from $1::text as is_quarantine,
        coalesce(b.copies, 0) as copies_before,
        coalesce(a.copies, 0) as copies_after,
        b.label
    from before as b
    full join after as a using (kind, mask, digest, source)
),

-- A row that was nowhere before is not ours to judge.
facts as (
    select
        kind,
        mask,
        digest,
        min(source) filter (where copies_before > 0) as source,
        min(label) as label,
        sum(copies_before) as copies,
        sum(least(copies_before, copies_after)) as in_place,
        coalesce(sum(greatest(copies_after - copies_before, 0)) filter (where not is_quarantine), 0) as elsewhere,
        coalesce(sum(greatest(copies_after - copies_before, 0)) filter (where is_quarantine), 0) as put_away
    from places
    group by kind, mask, digest
    having sum(copies_before) > 0
),

moves as (
    select *, least(copies - in_place, elsewhere) as moved
    from facts
),

quarantines as (
    select *, least(copies - in_place - moved, put_away) as quarantined
    from moves
),

-- $2 holds the kinds of which several equal rows may become one, provided that one is left.
fates as (
    select
        *,
        case
            when kind = any($2::text[]) and in_place + moved + quarantined > 0
                then copies - in_place - moved - quarantined
            else 0
        end as merged
    from quarantines
),

losses as (
    select
        kind,
        source,
        label,
        copies - in_place - moved - quarantined - merged as lost,
        row_number() over (partition by kind order by source, label, digest) as position
    from fates
    where copies > in_place + moved + quarantined + merged
)

select
    f.kind,
    sum(f.copies)::pg_catalog.int8 as before,
    sum(f.in_place)::pg_catalog.int8 as in_place,
    sum(f.moved)::pg_catalog.int8 as moved,
    sum(f.quarantined)::pg_catalog.int8 as quarantined,
    sum(f.merged)::pg_catalog.int8 as merged,
    (select coalesce(sum(l.lost), 0) from losses as l where l.kind = f.kind)::pg_catalog.int8 as lost,
    (
        select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('table', l.source, 'facts', l.label) order by l.position)
        from losses as l
        where l.kind = f.kind and l.position <= 20
    ) as lost_rows
from fates as f
group by f.kind
order by f.kind
