/** Rows that are in quarantine for a declared reason → whether that tells them from those that stay; and where each of them was. */
import type { Session } from '../../database/with-session.js';
import type { NotedTable } from './compare-rows.js';
import { namingFacts, projectAfter } from './project-row.js';
import type { Shape } from './read-shapes.js';

/**
 * The rules, a bit each, under which rows of a table were set aside though another of which the same holds is where it was, or of
 * several alike none stays. What they say proves nothing.
 */
export async function findIdleRules(
  session: Session,
  index: number,
  { allowance, noted }: NotedTable,
  shape: Shape | null,
): Promise<number[]> {
  const idle: number[] = [];
  for (const [rule, { when, reason }] of allowance.quarantine.entries()) {
    // What points at a row that keeps only a copy there stays.
    if (reason === null) continue;
    const bit = 1 << rule;
    const { rows: used } = await session.query(
      'select from pg_temp.schema_fix_kept where tbl = $1 and aside = $2 limit 1',
      [index, bit],
    );
    if (used.length === 0 || noted === null) continue;
    const text =
      when === null
        ? allAlikeAreGone(noted.columns.length, allowance)
        : shape === null
          ? null
          : `select from pg_temp.schema_fix_rows as n
             where n.tbl = $1 and n.aside & $2 <> 0 and n.ctid not in (select place from pg_temp.schema_fix_kept where tbl = $1)
                 and n.digest in (select digest from (${projectAfter(noted, shape)}) as a)
             limit 1`;
    if (text === null) continue;
    const { rows } = await session.query(text, [index, bit]);
    if (rows.length > 0) idle.push(bit);
  }
  return idle;
}

/** Every row of one name is in quarantine. */
function allAlikeAreGone(columns: number, allowance: NotedTable['allowance']): string {
  const { length } = allowance.facts;
  const name = namingFacts(allowance).map(
    (fact) => `coalesce(n.vals[${columns + fact + 1}], n.vals[${columns + length + fact + 1}])`,
  );
  return `select from pg_temp.schema_fix_rows as n
    left join pg_temp.schema_fix_kept as k on k.tbl = $1 and k.place = n.ctid
    where n.tbl = $1 and n.aside & $2 <> 0
    group by ${name.join(', ')}
    having pg_catalog.bool_and(k.place is not null) and pg_catalog.bool_or(k.aside = $2)
    limit 1`;
}

/** Rows that are in quarantine now: where each was, by its table, and for which reason of the manifest it may be there, or null. */
export async function listSetAside(
  session: Session,
  tables: readonly NotedTable[],
): Promise<Map<string, Map<string, string | null>>> {
  const { rows } = await session.query<{ tbl: number; place: string; aside: number }>(
    `select n.tbl, n.part::pg_catalog.text || n.place::pg_catalog.text as place, k.aside
     from pg_temp.schema_fix_kept as k
     inner join pg_temp.schema_fix_rows as n on n.ctid = k.place`,
  );
  const found = new Map<string, Map<string, string | null>>();
  for (const { tbl, place, aside } of rows) {
    const { table, quarantine } = (tables[tbl] as NotedTable).allowance;
    const reason = quarantine.find((_, rule) => aside === 1 << rule)?.reason;
    const places = found.get(table) ?? new Map<string, string | null>();
    found.set(table, places.set(place, aside === 0 ? null : (reason ?? pointsThere)));
  }
  return found;
}

const pointsThere = 'what it points at is in quarantine, and it with that';
