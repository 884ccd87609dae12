/** Every row of a table, noted in numbers before the fix; and which of them are still there after it, heap by heap. */
import type { Session } from '../../database/with-session.js';
import { projectAfter, projectBefore } from './project-row.js';
import type { Shape } from './read-shapes.js';
import type { Noted } from './row-texts.js';

/**
 * What is noted ends with the transaction. `tbl` is the place of a table in the list of those that are compared. What is found out
 * after the fix gets its tables then: nothing can lie in wait in them.
 */
export async function makeNotes(session: Session): Promise<void> {
  await session.query(
    `drop table if exists pg_temp.schema_fix_rows, pg_temp.schema_fix_heaps;
     create temporary table schema_fix_rows (
         tbl int, digest int8, free int, alt int, flex int, shared int, aside int, unsure int, vals int8[], label text, part oid, place tid
     ) on commit drop;
     -- The rows of one table lie side by side.
     create index on schema_fix_rows using brin (tbl);
     create temporary table schema_fix_heaps (tbl int, heap int, copies int8, total numeric) on commit drop`,
  );
}

export async function makeFindings(session: Session): Promise<void> {
  await session.query(
    `-- held: facts that may not become something else after all, a bit each.
     create temporary table schema_fix_pending (tbl int, place tid, held int not null default 0) on commit drop;
     -- given: facts of which the row has another value now than the one that it shared.
     create temporary table schema_fix_given (tbl int, place tid, given int) on commit drop;
     create temporary table schema_fix_kept (tbl int, place tid, aside int) on commit drop;
     -- Of rows that stayed, and of which a copy is in quarantine.
     create temporary table schema_fix_copied (tbl int, place tid, ground int) on commit drop;
     create temporary table schema_fix_loose (tbl int, part oid, place tid) on commit drop;
     create temporary table schema_fix_found (loose tid, vals int8[], fits int, label text) on commit drop`,
  );
}

/** What was noted of other tables than these is to be noted again. */
export async function forgetOthers(session: Session, kept: readonly number[]): Promise<void> {
  for (const notes of ['schema_fix_rows', 'schema_fix_heaps'])
    await session.query(`delete from pg_temp.${notes} where tbl <> all($1::int[])`, [kept]);
}

/** Returns how many rows there are. */
export async function noteTable(
  session: Session,
  index: number,
  noted: Noted,
  shape: Shape,
): Promise<number> {
  const { rows } = await session.query<{ copies: string }>(
    `with noted as (
         insert into pg_temp.schema_fix_rows (tbl, digest, vals, free, alt, flex, shared, aside, unsure, label, part, place)
         select ${index}, b.* from (${projectBefore(noted, shape)}) as b
         returning tbl, digest
     ),
     heaps as (
         insert into pg_temp.schema_fix_heaps
         select tbl, digest & 1023, count(*), sum(digest) from noted group by 1, 2
         returning copies
     )
     select coalesce(sum(copies), 0) as copies from heaps`,
  );
  return Number(rows[0]?.copies);
}

/**
 * Nearly all rows stay as they are: where a heap of them adds up to what it was, it holds the same rows. The rows of the other
 * heaps are pending (as they were) and loose (as they are) until each is accounted for.
 */
export async function settleTable(
  session: Session,
  index: number,
  { noted, shape }: { readonly noted: Noted | null; readonly shape: Shape | null },
): Promise<void> {
  if (shape !== null && noted !== null) {
    const projection = projectAfter(noted, shape);
    const { rows } = await session.query<{ heaps: number[] | null }>(
      `with now as (select digest & 1023 as heap, count(*) as copies, sum(digest) as total from (${projection}) as a group by 1)
       select pg_catalog.array_agg(heap::int) as heaps
       from (select * from pg_temp.schema_fix_heaps where tbl = $1) as b
       full join now as n using (heap)
       where (b.copies, b.total) is distinct from (n.copies, n.total)`,
      [index],
    );
    const heaps = rows[0]?.heaps ?? [];
    if (heaps.length === 0) return;
    await session.query(
      `insert into pg_temp.schema_fix_loose
       select ${index}, part, place from (${projection}) as a where (digest & 1023) = any($1)`,
      [heaps],
    );
    await makePending(session, index, heaps);
    return;
  }
  if (shape !== null) {
    const source = shape.kind === 'p' ? shape.relation : `only ${shape.relation}`;
    await session.query(
      `insert into pg_temp.schema_fix_loose select ${index}, tableoid, ctid from ${source}`,
    );
  }
  await makePending(session, index, null);
}

async function makePending(session: Session, index: number, heaps: readonly number[] | null): Promise<void> {
  await session.query(
    `insert into pg_temp.schema_fix_pending (tbl, place)
     select tbl, ctid from pg_temp.schema_fix_rows
     where tbl = $1 and ($2::int[] is null or (digest & 1023) = any($2))`,
    [index, heaps],
  );
}

/** Tables of which there are rows in one of them. */
export async function indexesIn(
  session: Session,
  notes: 'schema_fix_pending' | 'schema_fix_kept' | 'schema_fix_loose',
): Promise<number[]> {
  const { rows } = await session.query<{ tbl: number }>(
    `select distinct tbl from pg_temp.${notes} order by tbl`,
  );
  return rows.map(({ tbl }) => tbl);
}
