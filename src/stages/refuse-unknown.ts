/** A database that has none of the fix's tables → why it is refused: it is most likely another than somebody means. */
import type { Session } from '../database/with-session.js';
import { describeProblem } from '../errors.js';
import type { Bundle, SqlProblem } from '../model.js';

/** To be asked of the narrowed bundle: a table of the name that is somebody else's is none of the fix's. */
export async function refuseUnknown(session: Session, { tables }: Bundle): Promise<SqlProblem | null> {
  const { rows } = await session.query<{ database: string; found: boolean }>(
    `select
        pg_catalog.current_database() as database,
        exists (
            select
            from pg_catalog.pg_class as c
            inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
            where c.relkind in ('r', 'p', 'f') and n.nspname || '.' || c.relname = any($1::text[])
        ) as found`,
    [tables],
  );
  const [looked] = rows;
  if (looked?.found) return null;
  return describeProblem({
    path: 'bundle.yml, tables',
    // undefined_table
    sqlstate: '42P01',
    message: `The database ${looked?.database} has none of the tables of this fix.`,
    advice:
      'Look at database-url and bundle: this is most likely another database, or another fix, than you mean. If the fix is to make its tables here, say so with create.',
  });
}
