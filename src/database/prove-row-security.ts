/** A role → why scenarios run as it would prove nothing, or null: row level security really holds it back. */
import { quoteIdentifier } from './quote.js';
import type { Session } from './with-session.js';

/**
 * Looks at the role's attributes, then really tries: a row in a table with row level security on and no policy must not be
 * seen. Must be called within a transaction that is rolled back.
 */
export async function proveRowSecurityHolds(session: Session, role: string): Promise<string | null> {
  const { rows } = await session.query<{ rolsuper: boolean; rolbypassrls: boolean }>(
    'select rolsuper, rolbypassrls from pg_catalog.pg_roles where rolname = $1',
    [role],
  );
  const found = rows[0];
  if (!found) return `there is no role ${role}; the platform or the database must have it`;
  if (found.rolsuper) return `role ${role} is a superuser, who is held back by no policy`;
  if (found.rolbypassrls) return `role ${role} has bypassrls, so no policy holds it back`;

  await session.query(
    `create temporary table schema_fix_canary (row_of_nobody boolean);
     alter table pg_temp.schema_fix_canary enable row level security;
     insert into pg_temp.schema_fix_canary values (true);
     grant select on pg_temp.schema_fix_canary to ${quoteIdentifier(role)};
     set local role ${quoteIdentifier(role)}`,
  );
  const canary = await session.query('select from pg_temp.schema_fix_canary');
  await session.query('reset role; drop table pg_temp.schema_fix_canary');
  return canary.rowCount === 0
    ? null
    : `role ${role} reads a table that has no policy, so row level security is off for it`;
}
