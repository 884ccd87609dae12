/** The noted rows of a table, and the rows found in a place → the ways in which the one may have become the other. */
import type { Session } from '../../database/with-session.js';
import type { Comparison, Variant } from './match-rows.js';

type RowsOf = 'pending' | 'kept' | 'all';

/** Each way in which some of the pending rows of a table may have changed; first the ways in which least has. */
export async function listVariants(
  session: Session,
  index: number,
  rowsOf: RowsOf = 'pending',
): Promise<Variant[]> {
  const source =
    rowsOf === 'all'
      ? 'pg_temp.schema_fix_rows as n'
      : `pg_temp.schema_fix_${rowsOf} as p inner join pg_temp.schema_fix_rows as n on n.ctid = p.place`;
  const { rows } = await session.query<Variant>(
    `select distinct n.free, n.alt, n.flex from ${source} where n.tbl = $1`,
    [index],
  );
  const variants = new Map<string, Variant>();
  for (const row of rows) {
    for (const free of subsets(row.free)) {
      for (const alt of subsets(row.alt)) {
        for (const flex of new Set([0, row.flex]))
          variants.set([free, alt, flex].join(), { free, alt, flex });
      }
    }
  }
  const size = ({ free, alt, flex }: Variant) =>
    countBits(free) * 100 + countBits(alt) * 10 + countBits(flex);
  return [...variants.values()].sort((one, other) => size(one) - size(other));
}

/** All of them, where they are few; else none, each, and all. */
export function subsets(mask: number): number[] {
  const bits = Array.from({ length: 31 }, (_, index) => 1 << index).filter((bit) => mask & bit);
  if (bits.length > 5) return [...new Set([0, ...bits, mask])];
  const all = [0];
  for (const bit of bits) all.push(...all.map((one) => one | bit));
  return all;
}

/** Those in which one of the rows found can have: each that is tried reads all rows. */
export async function listPossible(
  session: Session,
  index: number,
  comparison: Comparison,
  rowsOf?: RowsOf,
): Promise<Variant[]> {
  if (await isNothingFound(session)) return [];
  const filled = await findFilled(session, index, comparison);
  const variants = await listVariants(session, index, rowsOf);
  return variants.filter(({ free, alt }) => (filled & ~(free | alt)) === 0);
}

/** Most rows are found in the first ways in which they may have changed; the others need not be tried then. */
export async function isNothingFound(session: Session): Promise<boolean> {
  const { rows } = await session.query('select from pg_temp.schema_fix_found limit 1');
  return rows.length === 0;
}

/** Facts that no row of the table told and every row found tells, a bit each: whatever a row became, these were filled. */
async function findFilled(session: Session, index: number, { noted, yields }: Comparison): Promise<number> {
  const { facts } = noted.allowance;
  const places = facts.flatMap((fact, place) => (yields.includes(fact.name) ? [] : [place]));
  if (places.length === 0) return 0;
  const every = (row: string, condition: string) =>
    `array[${places.map((place) => `pg_catalog.bool_and(${row}.vals[${noted.columns.length + place + 1}] ${condition})`).join(', ')}]`;
  const { rows } = await session.query<{ untold: boolean[]; told: boolean[] }>(
    `select
         (select ${every('n', 'is null')} from pg_temp.schema_fix_rows as n where n.tbl = $1) as untold,
         (select ${every('f', 'is not null')} from pg_temp.schema_fix_found as f) as told`,
    [index],
  );
  const { untold = [], told = [] } = rows[0] ?? {};
  return places.reduce((mask, place, at) => (untold[at] && told[at] ? mask | (1 << place) : mask), 0);
}

function countBits(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}
