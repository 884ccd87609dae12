/** One run at a time works on a database: an advisory lock there, for as long as the work lasts. */
import type { Session } from '../database/with-session.js';
import { UserError } from '../errors.js';

/** The same in every version, and nobody else's: the first eight bytes of the MD5 of `schema-fix-action`. */
const key = '-8267846040976829744';

/** Throws a UserError that names the other run. The lock ends with the session, whatever becomes of the process. */
export async function withOnlyRun<T>(session: Session, work: () => Promise<T>): Promise<T> {
  if (!(await tryLock(session, 'pg_try_advisory_lock'))) throw await describeOther(session);
  try {
    return await work();
  } finally {
    // Of a pooler's session, the connection is somebody else's afterwards. One that was lost has no lock.
    await session.query('select pg_catalog.pg_advisory_unlock($1)', [key]).catch(() => undefined);
  }
}

/** Within the transaction that is to be kept: the session's lock can be given up by SQL of a bundle, this one cannot. */
export async function lockOutOthers(session: Session): Promise<void> {
  if (!(await tryLock(session, 'pg_try_advisory_xact_lock'))) throw await describeOther(session);
}

/** The same in a database that is ours, where nobody has to be told: one waits for the other. */
export async function waitForOthers(session: Session): Promise<void> {
  await session.query('select pg_catalog.pg_advisory_xact_lock($1)', [key]);
}

async function tryLock(
  session: Session,
  lock: 'pg_try_advisory_lock' | 'pg_try_advisory_xact_lock',
): Promise<boolean> {
  const { rows } = await session.query<{ is_locked: boolean }>(`select pg_catalog.${lock}($1) as is_locked`, [
    key,
  ]);
  return rows[0]?.is_locked === true;
}

async function describeOther(session: Session): Promise<UserError> {
  const { rows } = await session.query<{ who: string }>(
    `select pg_catalog.format(
        'process %s, %s of %s, connected since %s', l.pid, coalesce(nullif(a.application_name, ''), 'without a name'),
        coalesce(a.usename, 'somebody'), a.backend_start
     ) as who
     from pg_catalog.pg_locks as l
     left join pg_catalog.pg_stat_activity as a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_catalog.pg_backend_pid()
         and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
         and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [key],
  );
  const who = rows[0]?.who ?? 'one that has just ended';
  return new UserError(
    `database-url: another run is at work on this database (${who}). Wait until it is done. If it is dead, pg_terminate_backend(PROCESS) ends its session.`,
    { exitCode: 3 },
  );
}
