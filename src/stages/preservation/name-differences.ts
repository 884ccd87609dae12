/** Rows that are left once all that the manifest allows was taken → what is told of each table: changed, gone, elsewhere, or nobody had it before. */
import { counted } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import { type Comparing, type Fates, mostTold, nameless, placesOf, shapeNow, tell } from './fates.js';
import { type Comparison, collectFound, differingColumnsOf, exactly, takePairs } from './match-rows.js';
import { indexesIn } from './note-table.js';
import type { NotedTable } from './note-tables.js';
import { projectAfter } from './project-row.js';
import type { Noted } from './row-texts.js';

/** Rows that are not what they were, as far as a row of the same key is where they were or may have gone. */
export async function nameChanged(session: Session, comparing: Comparing): Promise<void> {
  for (const index of await indexesIn(session, 'schema_fix_pending')) {
    const fates = comparing.compared[index] as Fates;
    for (const place of placesOf(comparing, index)) {
      await collectFound(session, place.index, place.projection);
      const { count, told } = await takeSameKeys(session, index, place.comparison);
      fates.lost += count;
      tell(fates, 'changed', told);
    }
  }
}

/** Values that a fact made unique lets some of several rows give up, and that none of them kept. */
export async function nameGivenUp(session: Session, comparing: Comparing): Promise<void> {
  const { rows: given } = await session.query<{ tbl: number; facts: number }>(
    'select tbl, pg_catalog.bit_or(given) as facts from pg_temp.schema_fix_given group by tbl order by tbl',
  );
  for (const { tbl, facts: mask } of given) {
    const { noted } = comparing.tables[tbl] as NotedTable;
    const fates = comparing.compared[tbl] as Fates;
    if (noted === null) continue;
    for (const [index, { name }] of noted.allowance.facts.entries()) {
      const bit = 1 << index;
      if (!(mask & bit)) continue;
      const { rows } = await session.query<{ label: string; copies: string; all: string }>(
        `select min(n.label) as label, count(*) as copies, sum(count(*)) over () as all
         from pg_temp.schema_fix_rows as n
         left join pg_temp.schema_fix_given as g on g.tbl = n.tbl and g.place = n.ctid
         where n.tbl = $1 and n.shared & $2 <> 0
         group by n.vals[${noted.columns.length + index + 1}]
         having pg_catalog.bool_and(coalesce(g.given & $2, 0) <> 0)
         order by 1
         limit ${mostTold}`,
        [tbl, bit],
      );
      fates.lost += Number(rows[0]?.all ?? 0);
      const told = rows.map(({ label, copies }) => ({
        key: `${label === '' ? nameless : label}: of ${counted(Number(copies), 'row')} with one value no row keeps it`,
        columns: [name],
      }));
      tell(fates, 'changed', told);
    }
  }
}

/** Takes the pending rows of a table, and the rows found, that have one key; gives how many there are and what differs in the first. */
export async function takeSameKeys(
  session: Session,
  index: number,
  comparison: Comparison,
): Promise<{ count: number; told: { key: string; columns: string[] }[] }> {
  const { rows } = await session.query<{ key: string; columns: string[]; pairs: string }>(
    `with b as (
         select p.ctid as pending, n.label, n.vals, n.free & ~p.held as free, pg_catalog.row_number() over (partition by n.label order by p.ctid) as copy
         from pg_temp.schema_fix_pending as p
         inner join pg_temp.schema_fix_rows as n on n.ctid = p.place
         where p.tbl = $1 and n.label <> ''
     ),
     a as (
         select f.loose, f.label, f.vals, f.fits, pg_catalog.row_number() over (partition by f.label order by f.loose) as copy
         from pg_temp.schema_fix_found as f
     ),
     pairs as materialized (
         select n.pending, f.loose, n.label, ${differingColumnsOf(comparison)} as columns
         from b as n
         inner join a as f using (label, copy)
     ),
     settled as (delete from pg_temp.schema_fix_pending where ctid in (select pending from pairs)),
     taken as (delete from pg_temp.schema_fix_loose where ctid in (select loose from pairs))
     select label as key, columns, count(*) over () as pairs
     from pairs
     order by label
     limit ${mostTold}`,
    [index],
  );
  return {
    count: Number(rows[0]?.pairs ?? 0),
    told: rows.map(({ key, columns }) => ({ key, columns: [...new Set(columns)] })),
  };
}

/** What is still pending is gone, or where it may not be; what is still loose has appeared. */
export async function nameOthers(session: Session, comparing: Comparing): Promise<void> {
  for (const index of await indexesIn(session, 'schema_fix_pending')) {
    const { noted } = comparing.tables[index] as NotedTable;
    const fates = comparing.compared[index] as Fates;
    if (noted !== null) await nameMoved(session, comparing, index, noted);
    const { rows } = await session.query<{ key: string; all: string }>(
      `select n.label as key, count(*) over () as all
       from pg_temp.schema_fix_pending as p
       inner join pg_temp.schema_fix_rows as n on n.ctid = p.place
       where p.tbl = $1
       order by n.label
       limit ${mostTold}`,
      [index],
    );
    fates.lost += Number(rows[0]?.all ?? 0);
    tell(fates, 'gone', rows);
  }
  for (const index of await indexesIn(session, 'schema_fix_loose')) {
    const { allowance, noted } = comparing.tables[index] as NotedTable;
    const shape = shapeNow(comparing, allowance.table);
    if (shape === null) continue;
    const fates = comparing.compared[index] as Fates;
    await collectFound(session, index, projectAfter(noted ?? { allowance, columns: shape.columns }, shape));
    const { rows } = await session.query<{ key: string; all: string }>(
      `select label as key, count(*) over () as all from pg_temp.schema_fix_found order by label limit ${mostTold}`,
    );
    fates.appeared += Number(rows[0]?.all ?? 0);
    tell(fates, 'appeared', rows);
  }
}

/** Rows that are complete in a table where rows of their kind do not belong. */
async function nameMoved(session: Session, comparing: Comparing, index: number, noted: Noted): Promise<void> {
  const fates = comparing.compared[index] as Fates;
  for (const [place, { allowance: other }] of comparing.tables.entries()) {
    const shape = shapeNow(comparing, other.table);
    if (shape === null || place === index || noted.allowance.to.includes(other.table)) continue;
    await collectFound(session, place, projectAfter(noted, shape));
    const comparison = { noted, columns: shape.columns, isHome: false, yields: [] };
    const pairs = await takePairs(session, index, comparison, exactly);
    if (pairs === 0) continue;
    fates.lost += pairs;
    tell(fates, 'moved without being declared', [
      { key: `${counted(pairs, 'row is', 'rows are')} in ${other.table}` },
    ]);
  }
}
