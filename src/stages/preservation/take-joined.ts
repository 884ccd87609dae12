/** Rows that became one, which says in each column of `merge` what one of them said → taken from the loose rows, and counted. */

import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import { type Fates, mostTold, type Place, tell } from './fates.js';
import { isNothingFound, listVariants } from './list-variants.js';
import {
  type Comparison,
  collectFound,
  exactly,
  type Pair,
  pairsOf,
  signaturesOf,
  type Variant,
} from './match-rows.js';

/**
 * Of each row that is loose and as one or several of the pending ones say it, but in what these may differ. They stay pending: each is like one
 * that is there. Where one of them is where it was, whole, what is loose is no row that they became.
 */
export async function takeJoined(
  session: Session,
  index: number,
  { comparison, projection, index: place }: Place,
  fates: Fates,
): Promise<number> {
  const names = [...yieldedBy(comparison, exactly).keys()];
  if (names.length === 0) return 0;
  await collectFound(session, place, projection);
  if (await isNothingFound(session)) return 0;
  const variants = await listVariants(session, index);
  if (variants.length === 0) return 0;
  const { rows } = await session.query<{ label: string; rows: number; others: string[] }>(
    `with likely as (${variants.map((variant) => likelyUnder(comparison, variant, names)).join(' union all ')}),
     joined as (
         select loose, min(label) as label, min(place) as first, count(distinct place) as rows,
             ${names.map((_, at) => `pg_catalog.bool_or(said[${at + 1}]) as said${at}`).join(', ')}
         from likely
         group by loose
         having pg_catalog.bool_and(is_pending)
     ),
     one_of_each as (select distinct on (first) * from joined order by first, loose),
     taken as (delete from pg_temp.schema_fix_loose where ctid in (select loose from one_of_each))
     select label, rows::int, pg_catalog.array_remove(array[${names.map((_, at) => `case when not said${at} then $${at + 2}::text end`).join(', ')}], null) as others
     from one_of_each
     order by label`,
    [index, ...names],
  );
  const others = rows.filter((row) => row.others.length > 0);
  fates.lost += others.length;
  tell(
    fates,
    'changed',
    others.slice(0, mostTold).map((row) => ({
      key: row.label,
      columns: row.others.map((name) => (row.rows > 1 ? `${name} (${noneSaysSo})` : name)),
    })),
  );
  return rows.length;
}

const noneSaysSo = 'none of the rows that became this one says so';

/** Each row found beside each noted one that it may have been, and whether it says the same in each of the names. */
function likelyUnder(comparison: Comparison, variant: Variant, names: readonly string[]): string {
  const { noted, found } = signaturesOf(comparison, variant);
  const { free, alt, flex } = variant;
  const yielded = yieldedBy(comparison, variant);
  const said = names.map((name) => {
    const pairs = yielded.get(name) ?? [];
    return ['true', ...pairs.map((pair) => `${pair.noted} is not distinct from ${pair.found}`)].join(' and ');
  });
  return `select f.loose, f.label, n.ctid as place, p.place is not null as is_pending, array[${said.join(', ')}] as said
    from pg_temp.schema_fix_found as f
    inner join pg_temp.schema_fix_rows as n on ${noted} = ${found}
    left join pg_temp.schema_fix_pending as p on p.tbl = n.tbl and p.place = n.ctid
    where n.tbl = $1 and f.fits & ${free} = ${free} and n.free & ~coalesce(p.held, 0) & ${free} = ${free}
        and n.alt & ${alt} = ${alt} and n.flex & ${flex} = ${flex}`;
}

/** What `merge` lets differ, by its name. */
function yieldedBy(comparison: Comparison, variant: Variant): Map<string, Pair[]> {
  const keyOf = ({ noted, found }: Pair) => JSON.stringify([noted, found]);
  const asked = new Set(pairsOf(comparison, variant).map(keyOf));
  const all = pairsOf({ ...comparison, yields: [] }, variant);
  return groupBy(
    all.filter((pair) => !asked.has(keyOf(pair))),
    ({ name }) => name,
  );
}
