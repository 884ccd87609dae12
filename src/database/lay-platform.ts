/** A platform and an empty database → the database with the platform in it, laid by the superuser and by who builds the states. */
import type pg from 'pg';
import { SqlError, UserError } from '../errors.js';
import type { Platform, PlatformFile } from '../model.js';
import { quoteIdentifier } from './quote.js';
import { runFile } from './run-file.js';
import { grantMarkedRoles, type Login } from './throwaway-logins.js';
import { withBuilder } from './with-builder.js';
import { type Session, withSession } from './with-session.js';

/** Two runs must not create the same role at the same time. `builder` null: all of it is the superuser's to run. */
export async function layPlatform(
  admin: Session,
  { database, lock }: { readonly database: pg.ClientConfig; readonly lock: number },
  platform: Platform,
  builder: (() => Promise<Login>) | null,
): Promise<void> {
  await admin.query('select pg_catalog.pg_advisory_lock($1)', [lock]);
  try {
    const isOurs = ({ origin }: PlatformFile) => builder === null || origin === 'engine';
    await withSession(database, async (session) => {
      for (const file of platform.files.filter(isOurs)) await runFile(session, file);
    });
    const theirs = platform.files.filter((file) => !isOurs(file));
    if (builder === null || theirs.length === 0) return;
    const login = await builder();
    await grantMarkedRoles(admin, login);
    await admin.query(
      `alter database ${quoteIdentifier(String(database.database))} owner to ${quoteIdentifier(login.user)}`,
    );
    // From 15 on public belongs to the owner of the database.
    await withSession(database, (session) =>
      session.query(`do $$ begin
        if pg_catalog.current_setting('server_version_num')::int < 150000 then
            grant create, usage on schema public to ${login.user} with grant option;
        end if;
      end $$`),
    );
    await withBuilder(database, login, async (session) => {
      for (const file of theirs) await runFile(session, file);
    });
  } finally {
    await admin.query('select pg_catalog.pg_advisory_unlock($1)', [lock]);
  }
}

const insufficientPrivilege = '42501';

/** Of a server whose owner is no superuser. Throws a UserError that says what the platform asks for. */
export async function orSayWhatIsNeeded(
  admin: Session,
  { name }: Platform,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error: unknown) {
    if (!(error instanceof SqlError) || error.problem.sqlstate !== insufficientPrivilege) throw error;
    const { rows } = await admin.query<{ user: string }>(
      'select rolname as user from pg_catalog.pg_roles where rolname = current_user and not rolsuper',
    );
    if (rows[0] === undefined) throw error;
    const { message, detail, path, line } = error.problem;
    throw new UserError(
      `postgres-url: ${rows[0].user} is not a superuser and may not make what the platform ${name} has (${path}:${line}: ${detail ?? message}). Connect as a superuser (supabase_admin on Supabase's images), or as an owner with createdb, createrole, bypassrls and replication on a server whose roles are its own.`,
      { exitCode: 3, cause: error },
    );
  }
}

/** A superuser would be held back by nothing, so that the proofs would prove nothing. */
export async function chooseDeployer(admin: Session, { deployers }: Platform): Promise<string | null> {
  const { rows } = await admin.query<{ rolname: string }>(
    'select rolname from pg_catalog.pg_roles where rolname = any ($1) and not rolsuper',
    [deployers],
  );
  return deployers.find((name) => rows.some(({ rolname }) => rolname === name)) ?? null;
}
