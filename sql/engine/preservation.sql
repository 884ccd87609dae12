--! Title: What became of every row noted before the fix: one row for each kind, with the first 20 that are lost
with
-- The same rows before and after, each in one of 1,024 heaps that its digest tells.
noted as (
    select kind, mask, digest, source, digest & 1023 as heap, 1 as copies_before, 0 as copies_after, label
    from pg_temp.schema_fix_before
    union all
    select kind, mask, digest, source, digest & 1023, 0, 1, null
    from pg_temp.schema_fix_after
),

-- Nearly all rows stay where they are: where the digests of a table's heap add up to what they were, it holds the same rows,
-- and they need no further look. Of the kinds in $2 several equal rows may become one, wherever it is, so that their places
-- have to be seen together. Quarantine ($1) is a table like the others: what was in it must stay in it.
heaps as (
    select
        kind,
        mask,
        source,
        heap,
        sum(copies_before) as copies,
        sum(copies_after) as copies_after,
        coalesce(sum(digest) filter (where copies_before = 1), 0) as total_before,
        coalesce(sum(digest) filter (where copies_after = 1), 0) as total_after,
        kind <> all($2::int[])
        and sum(copies_before) = sum(copies_after)
        and sum(digest) filter (where copies_before = 1) = sum(digest) filter (where copies_after = 1) as is_settled
    from noted
    group by kind, mask, source, heap
),

-- Of a table that moves, all rows of a heap are elsewhere, in one or several tables: where they add up to what they were, all came.
-- None may be in quarantine, and no table may have had some and have some now, which would be rows that stayed, or others.
arrived as (
    select kind, mask, heap, sum(copies)::pg_catalog.int8 as copies
    from heaps
    group by kind, mask, heap
    having
        bool_and(copies = 0 or copies_after = 0)
        and bool_and(source <> $1 or copies_after = 0)
        and sum(copies) = sum(copies_after)
        and sum(total_before) = sum(total_after)
),

-- A row that left its table and the place it came to are in the same heap of both.
places as (
    select
        kind,
        mask,
        digest,
        source,
        sum(copies_before) as copies_before,
        sum(copies_after) as copies_after,
        min(label) as label
    from noted
    where
        (kind, mask, source, heap) in (select kind, mask, source, heap from heaps where not is_settled)
        and (kind, mask, heap) not in (select kind, mask, heap from arrived)
    group by kind, mask, digest, source
),

facts as (
    select
        kind,
        min(source) filter (where copies_before > 0) as source,
        min(label) as label,
        digest,
        sum(copies_before)::pg_catalog.int8 as copies,
        sum(least(copies_before, copies_after))::pg_catalog.int8 as in_place,
        coalesce(sum(greatest(copies_after - copies_before, 0)) filter (where source <> $1), 0)::pg_catalog.int8 as elsewhere,
        coalesce(sum(greatest(copies_after - copies_before, 0)) filter (where source = $1), 0)::pg_catalog.int8 as put_away
    from places
    group by kind, mask, digest
    -- A row that was nowhere before is not ours to judge.
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

fates as (
    select
        *,
        case
            when kind = any($2::int[]) and in_place + moved + quarantined > 0
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
),

summed as (
    select kind, copies, in_place, moved, quarantined, merged
    from fates
    union all
    select kind, copies, copies, 0, 0, 0
    from heaps
    where is_settled
    union all
    select kind, copies, 0, copies, 0, 0
    from arrived
)

select
    s.kind,
    sum(s.copies)::pg_catalog.int8 as before,
    sum(s.in_place)::pg_catalog.int8 as in_place,
    sum(s.moved)::pg_catalog.int8 as moved,
    sum(s.quarantined)::pg_catalog.int8 as quarantined,
    sum(s.merged)::pg_catalog.int8 as merged,
    (select coalesce(sum(l.lost), 0) from losses as l where l.kind = s.kind)::pg_catalog.int8 as lost,
    (
        select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('source', l.source, 'facts', l.label) order by l.position)
        from losses as l
        where l.kind = s.kind and l.position <= 20
    ) as lost_rows
from summed as s
group by s.kind
