/** The bundle's tables, locked before they are noted, first against whoever would define them otherwise, then against writers, too. */
import { isDatabaseError } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { quoteTable } from '../database/table-names.js';
import type { Session } from '../database/with-session.js';
import type { SqlProblem } from '../model.js';

/** What others may go on doing: all but to define them otherwise; or to read. */
export type LockMode = 'share update exclusive' | 'share row exclusive';

/**
 * Readers go on. Always in the order of the names, so that two fixes at once wait for each other instead of deadlocking.
 * Tables that are not the deployer's are left to the fix to refuse; where his own privileges were revoked, he has one for
 * the moment. `wait` is how long for each, where
 * it is less than for other statements. Returns why a lock could not be had, or null.
 */
export async function lockTables(
  session: Session,
  tables: readonly string[],
  { mode, wait }: { readonly mode: LockMode; readonly wait: { readonly milliseconds: number } | null },
): Promise<SqlProblem | null> {
  const { rows } = await session.query<{ name: string; is_lockable: boolean }>(
    `select t.name, pg_catalog.has_table_privilege(c.oid, 'update') as is_lockable
     from pg_catalog.unnest($1::text[]) as t (name)
     inner join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(t.name)
     where c.relkind in ('r', 'p') and pg_catalog.pg_has_role(c.relowner, 'usage')
     order by c.oid::pg_catalog.regclass::text`,
    [tables.map(quoteTable)],
  );
  if (rows.length === 0) return null;
  const statement = `lock table ${rows.map(({ name }) => name).join(', ')} in ${mode} mode`;
  const unlockable = rows.filter((row) => !row.is_lockable);
  try {
    if (wait !== null) await session.query(`set local lock_timeout = ${wait.milliseconds}`);
    for (const { name } of unlockable) await session.query(`grant update on ${name} to current_user`);
    await session.query(statement);
    for (const { name } of unlockable) await session.query(`revoke update on ${name} from current_user`);
    return null;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return locateProblem(error, { file: { path: 'locking the tables', text: statement }, statement: null });
  }
}
