/** What Postgres said of `create index if not exists` → a problem where the index that is there is invalid: it is neither read nor enforced. */
import type { Session } from '../database/with-session.js';
import { describeProblem } from '../errors.js';
import type { SqlProblem } from '../model.js';

/** duplicate_table: of an index, too, as a notice that it is left as it is. */
export const alreadyThere = '42P07';

/** One of a partitioned table is invalid until each partition has its own, which is ordinary. */
const readInvalid = `
    select c.relname as name, pg_catalog.format('%I.%I', n.nspname, c.relname) as quoted
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on c.oid = i.indexrelid and c.relkind = 'i'
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where not i.indisvalid
    order by 2`;

export async function findSkippedIndex(
  session: Session,
  path: string,
  skipped: readonly string[],
): Promise<SqlProblem | null> {
  if (skipped.length === 0) return null;
  const { rows } = await session.query<{ name: string; quoted: string }>(readInvalid);
  // Whatever language the server speaks, it writes the name between signs.
  const found = rows.find(({ name }) => skipped.some((text) => text.includes(`"${name}"`)));
  if (found === undefined) return null;
  return describeProblem({
    path,
    // object_not_in_prerequisite_state
    sqlstate: '55000',
    message: `The index ${found.quoted} is left as it is by "if not exists", and is invalid: a create index concurrently that failed has left it. It is used by no query, and one that is unique refuses nothing that was there.`,
    advice: `drop index concurrently ${found.quoted}; then run the fix again. Where it is to be unique, look first for rows that are alike.`,
  });
}
