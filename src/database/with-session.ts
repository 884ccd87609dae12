/** Connection settings → one session for as long as the work lasts, in which a bundle's files mean the same everywhere. */
import pg from 'pg';

export type Session = pg.Client;

/** How one is opened. */
export type Connection = pg.ClientConfig;

/**
 * What every session begins with, and returns to after SQL that sets what it likes. Without `jit = off` Postgres compiles our
 * catalog queries for seconds, where it was built to, and then runs them for milliseconds.
 */
export const sessionSettings =
  "reset all; set search_path = ''; set timezone = 'UTC'; set client_min_messages = notice; set standard_conforming_strings = on; set jit = off";

/**
 * From 16 on who makes a role, and is no superuser, is not one of its members unless they ask for it: a server may be lent to us
 * by an owner who may make roles and databases.
 */
const belongToWhatOneMakes = `select pg_catalog.set_config(s.name, 'set, inherit', false)
  from pg_catalog.pg_settings as s where s.name = 'createrole_self_grant'`;

/**
 * On a server or database of our own: with an empty `search_path` (an unqualified name fails, and nobody's objects stand in for
 * it) and UTC.
 */
export async function withSession<T>(
  connection: pg.ClientConfig,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withBareSession(connection, async (session) => {
    await session.query(`${sessionSettings}; ${belongToWhatOneMakes}`);
    return work(session);
  });
}

/**
 * Opens a session and closes it whatever happens. It is as database and role have it, and nothing may be set in it for longer
 * than a transaction: behind a pooler the connection is somebody else's afterwards. A lost connection rejects the query that
 * was under way.
 */
export async function withBareSession<T>(
  connection: pg.ClientConfig,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = new pg.Client({ application_name: 'schema-fix', ...connection });
  // Without a listener a connection lost between two queries would end the process; the next query reports it.
  session.on('error', () => undefined);
  await session.connect();
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/**
 * Once the signal is aborted, what the session is doing is cancelled and its transaction rolled back: a statement would
 * otherwise go on, and hold its locks, after its client is gone.
 */
export async function withCancellation<T>(
  session: Session,
  { connection, signal }: { readonly connection: pg.ClientConfig; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const { rows } = await session.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  const terminate = () =>
    withBareSession(connection, (other) =>
      other.query('select pg_catalog.pg_terminate_backend($1)', [rows[0]?.pid]),
    );
  let terminated: Promise<unknown> = Promise.resolve();
  const onAbort = () => {
    // Where nobody can be reached any more, what the work itself comes to says what became of it.
    terminated = terminate().catch(() => undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', onAbort);
    await terminated;
  }
}
