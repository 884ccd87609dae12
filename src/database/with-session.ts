/** Connection settings → one session for as long as the work lasts, in which a bundle's files mean the same everywhere. */
import pg from 'pg';

export type Session = pg.Client;

/**
 * Opens a session with an empty `search_path` (an unqualified name fails, and nobody's objects stand in for it), UTC, and
 * English messages, and closes it whatever happens. A lost connection rejects the query that was under way.
 */
export async function withSession<T>(
  connection: pg.ClientConfig,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = new pg.Client({ application_name: 'schema-fix', ...connection });
  // Without a listener a connection lost between two queries would end the process; the next query reports it.
  session.on('error', () => undefined);
  await session.connect();
  try {
    await session.query(
      "set search_path = ''; set timezone = 'UTC'; set client_min_messages = notice; set standard_conforming_strings = on",
    );
    return await work(session);
  } finally {
    await session.end();
  }
}
