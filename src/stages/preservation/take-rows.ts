/** Rows that are what the manifest lets them become → taken from the pending and the loose ones, and counted. */
import type { Session } from '../../database/with-session.js';
import { type Comparing, type Fates, type Place, shapeNow } from './fates.js';
import { isNothingFound, listPossible, listVariants } from './list-variants.js';
import { type Comparison, collectFound, signaturesOf, takePairs, type Variant } from './match-rows.js';
import { indexesIn } from './note-table.js';
import type { NotedTable } from './note-tables.js';
import { projectAfter, projectExpected } from './project-row.js';

/** Of the rows found; returns how many there are. */
export async function takeVariants(
  session: Session,
  index: number,
  comparison: Comparison,
  fates?: Fates,
): Promise<number> {
  let taken = 0;
  for (const variant of await listPossible(session, index, comparison)) {
    const pairs = await takePairs(session, index, comparison, variant);
    if (pairs === 0) continue;
    if (fates !== undefined) countExcused(fates, comparison, variant, pairs);
    taken += pairs;
    if (await isNothingFound(session)) break;
  }
  return taken;
}

/** Rows are taken in the way in which least has changed, so that each fact of it has. */
function countExcused(
  { excused }: Fates,
  { noted }: Comparison,
  { free, alt }: Pick<Variant, 'free' | 'alt'>,
  pairs: number,
): void {
  for (const [place, { name }] of noted.allowance.facts.entries()) {
    const { normalised, filled, alike } = excused.get(name) ?? { normalised: 0, filled: 0, alike: 0 };
    if (!((alt | free) & (1 << place))) continue;
    excused.set(name, {
      normalised: alt & (1 << place) ? normalised + pairs : normalised,
      filled: free & (1 << place) ? filled + pairs : filled,
      alike,
    });
  }
}

/** How many fewer different values there are of each fact of which some were normalised. */
export async function countAlike(session: Session, comparing: Comparing, index: number): Promise<void> {
  const { noted } = comparing.tables[index] as NotedTable;
  const { excused } = comparing.compared[index] as Fates;
  for (const [name, counts] of excused) {
    if (noted === null || counts.normalised === 0) continue;
    const { facts } = noted.allowance;
    const place = noted.columns.length + facts.findIndex((fact) => fact.name === name) + 1;
    const [value, other] = [`n.vals[${place}]`, `n.vals[${place + facts.length}]`];
    const { rows } = await session.query<{ alike: string }>(
      `select count(distinct coalesce(${value}, ${other})) - count(distinct coalesce(${other}, ${value})) as alike
       from pg_temp.schema_fix_rows as n
       where n.tbl = $1`,
      [index],
    );
    excused.set(name, { ...counts, alike: Number(rows[0]?.alike) });
  }
}

/** A row that became one with another is like that one, which is taken already or not. */
export async function takeMerged(
  session: Session,
  index: number,
  { comparison, projection }: Place,
): Promise<number> {
  let taken = 0;
  for (const variant of await listVariants(session, index)) {
    const signatures = signaturesOf(comparison, variant);
    const { rowCount } = await session.query(
      `with f as (select distinct ${signatures.found} as signature from (${projection}) as f where f.fits & $2 = $2),
       merged as (
           delete from pg_temp.schema_fix_pending as p
           using pg_temp.schema_fix_rows as n
           where p.tbl = $1 and n.ctid = p.place and n.free & ~p.held & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4
               and ${signatures.noted} in (select signature from f)
           returning p.tbl, p.place, n.shared & $2 as given
       ),
       given as (insert into pg_temp.schema_fix_given select tbl, place, given from merged where given <> 0)
       select from merged`,
      [index, variant.free, variant.alt, variant.flex],
    );
    taken += rowCount ?? 0;
  }
  return taken;
}

/** Rows that stay where they are may be copied to where rows of their kind may move: once each. */
export async function takeCopies(session: Session, comparing: Comparing): Promise<void> {
  const { tables } = comparing;
  for (const place of await indexesIn(session, 'schema_fix_loose')) {
    const { allowance: destination } = tables[place] as NotedTable;
    const shape = shapeNow(comparing, destination.table);
    if (shape === null) continue;
    for (const [index, { allowance, noted }] of tables.entries()) {
      if (noted === null || !allowance.to.includes(destination.table)) continue;
      await collectFound(session, place, projectAfter(noted, shape));
      const comparison = { noted, columns: shape.columns, isHome: false, yields: allowance.notCopied };
      for (const variant of await listPossible(session, index, comparison, 'all')) {
        const signatures = signaturesOf(comparison, variant);
        const { rowCount } = await session.query(
          `with b as (
               select distinct ${signatures.noted} as signature
               from pg_temp.schema_fix_rows as n
               where n.tbl = $1 and n.free & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4
           ),
           a as (
               select distinct on (s.signature) s.loose, s.signature
               from (select f.loose, ${signatures.found} as signature from pg_temp.schema_fix_found as f where f.fits & $2 = $2) as s
               inner join b using (signature)
           ),
           used as (delete from pg_temp.schema_fix_found where loose in (select loose from a))
           delete from pg_temp.schema_fix_loose where ctid in (select loose from a)`,
          [index, variant.free, variant.alt, variant.flex],
        );
        if (rowCount !== 0 && (await isNothingFound(session))) break;
      }
    }
  }
}

/** Rows that the manifest expects to be new. */
export async function takeExpected(session: Session, comparing: Comparing): Promise<void> {
  for (const place of await indexesIn(session, 'schema_fix_loose')) {
    const { allowance } = comparing.tables[place] as NotedTable;
    const shape = shapeNow(comparing, allowance.table);
    if (shape === null || allowance.appears.length === 0) continue;
    const { rowCount } = await session.query(
      `delete from pg_temp.schema_fix_loose as l using (${projectExpected(allowance, shape)}) as a
       where l.tbl = $1 and l.part = a.part and l.place = a.place`,
      [place],
    );
    (comparing.compared[place] as Fates).expected += rowCount ?? 0;
  }
}
