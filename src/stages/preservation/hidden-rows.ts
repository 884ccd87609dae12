/** Tables that the deployer cannot read whole, as a superuser sees them → a digest of each, and what is wrong where it differs. */
import { differences, type Fingerprint } from '../../database/fingerprint.js';
import { quoteLiteral } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { PreservationResult, RowDifference, Skipped } from '../../model.js';

/**
 * The session is a superuser's, for whom no code of a bundle may run: rows are written by their types' own functions, and
 * not by a cast that somebody made.
 */
export async function digestHidden(session: Session, deployer: string): Promise<Fingerprint> {
  const { rows: tables } = await session.query<{ name: string; relation: string }>(
    `select pg_catalog.format('%s.%s', n.nspname, c.relname) as name, pg_catalog.format('%I.%I', n.nspname, c.relname) as relation
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where
         c.relkind in ('r', 'm')
         and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and n.nspname !~ '^pg_(toast_)?temp_'
         and not pg_catalog.pg_has_role($1, c.relowner, 'usage')
         and (
             c.relrowsecurity
             or not pg_catalog.has_schema_privilege($1, n.oid, 'usage')
             or not pg_catalog.has_table_privilege($1, c.oid, 'select')
         )
     order by 1`,
    [deployer],
  );
  if (tables.length === 0) return new Map();
  const queries = tables.map(
    ({ name, relation }) =>
      `select ${quoteLiteral(name)} as name, pg_catalog.concat_ws(
           ':', pg_catalog.count(*), pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat(t.*), 0))
       ) as digest
       from only ${relation} as t`,
  );
  const { rows } = await session.query<{ name: string; digest: string }>(queries.join('\nunion all\n'));
  return new Map(rows.map(({ name, digest }) => [name, digest]));
}

/** To be called with what was found out, after the commit: whatever differs was none of the fix's to change. */
export function addHidden(
  preservation: PreservationResult | Skipped,
  before: Fingerprint,
  after: Fingerprint,
): PreservationResult | Skipped {
  if (preservation.outcome === 'skipped') return preservation;
  const known = new Set(preservation.comparison.differences.map(({ table }) => table));
  const found = differences(before, after)
    .filter((table) => !known.has(table))
    .map((table): RowDifference => ({ word: 'changed', table, key: null, columns: [] }));
  if (found.length === 0) return preservation;
  const { comparison } = preservation;
  return {
    ...preservation,
    outcome: 'fail',
    comparison: { ...comparison, outcome: 'fail', differences: [...comparison.differences, ...found] },
  };
}
