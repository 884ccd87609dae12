/** A database → the indexes that a deployment had prepared and did not come to use, because it was killed. */
import type { Session } from '../../database/with-session.js';
import type { Finding } from '../../model.js';

/** Whoever finds an index of such a name knows where it comes from. */
export const prefix = 'schema_fix_prepared_';

/** What a run that was killed has left behind. */
export async function describeLeft(session: Session): Promise<Finding[]> {
  const left = await listLeft(session);
  return left.map((relation) => ({
    severity: 'warning',
    what: `A deployment that did not come to its end has left the index ${relation} behind.`,
    remedy: `The next deployment takes it away. Or do it yourself: drop index concurrently ${relation};`,
  }));
}

/** Quoted, in the order of their names. */
export async function listLeft(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ relation: string }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as relation
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where c.relkind = 'i' and pg_catalog.starts_with(c.relname::text, $1) and pg_catalog.pg_has_role(c.relowner, 'usage')
     order by 1`,
    [prefix],
  );
  return rows.map(({ relation }) => relation);
}
