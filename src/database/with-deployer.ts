/** The deployer's session on a throwaway database: of nobody who is, or ever was in it, a superuser. */
import type pg from 'pg';
import { describeProblem, SqlError, UserError } from '../errors.js';
import { isDatabaseError } from './database-error.js';
import type { Login } from './throwaway-logins.js';
import { type Session, withBareSession } from './with-session.js';

/** Throws a SqlError where the deployer is a superuser, and a UserError where the server does not let us in. */
export async function withDeployer<T>(
  connection: pg.ClientConfig,
  { role, user, password }: Login,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let isOpen = false;
  try {
    return await withBareSession({ ...connection, user, password }, async (session) => {
      isOpen = true;
      await assertHeldBack(session, role);
      return work(session);
    });
  } catch (error: unknown) {
    if (isOpen || !isDatabaseError(error)) throw error;
    throw new UserError(
      `The server does not let in the role that a rehearsal logs in as (${error.message}). Have pg_hba.conf let roles in with a password: host all all samehost scram-sha-256.`,
      { exitCode: 3, cause: error },
    );
  }
}

async function assertHeldBack(session: Session, role: string): Promise<void> {
  const { rows } = await session.query<{ role: string; is_superuser: string }>(
    "select current_user as role, pg_catalog.current_setting('is_superuser') as is_superuser",
  );
  const found = rows[0];
  if (found?.role !== role) throw new Error(`the session is ${found?.role}'s, not ${role}'s`);
  if (found.is_superuser === 'off') return;
  throw new SqlError(
    describeProblem({
      path: `the deployer ${role}`,
      sqlstate: '42501',
      message: `The role ${role} is a superuser here, whom nothing holds back: what it can do proves nothing.`,
      advice:
        'Name a role that owns the tables as deployer, in bundle.yml or in the state. Without one, a role is made that owns the database.',
    }),
  );
}
