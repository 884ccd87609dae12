/** Deferred constraints, made immediate at the end of the fix, wait for the end again as they were declared to. */
import { quoteIdentifier } from './quote.js';
import type { Session } from './with-session.js';

/** Within the open transaction: a rollback to a savepoint before it undoes this. */
export async function restoreDeferral(session: Session): Promise<void> {
  const { rows } = await session.query<{ schema: string; name: string }>(
    `select distinct n.nspname as schema, c.conname as name
     from pg_catalog.pg_constraint as c
     inner join pg_catalog.pg_namespace as n on c.connamespace = n.oid
     where c.condeferred`,
  );
  if (rows.length === 0) return;
  const names = rows.map(({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
  await session.query(`set constraints ${names.join(', ')} deferred`);
}
