/** Somebody's database in the state that the notes bundle repairs, and what it looks like. */
import { differences, fingerprintCatalog, fingerprintData } from '../../src/database/fingerprint.js';
import { runFile } from '../../src/database/run-file.js';
import type { ThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import { withSession } from '../../src/database/with-session.js';
import type { Bundle } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { loadNotes } from './notes-bundle.js';
import { getTestServer, withPlatformDatabases, withTestServer } from './server.js';

export interface NotesTarget {
  readonly connection: ConnectionSettings;
  readonly database: string;
  /** Objects and tables that are not as they were at first. */
  readonly changes: () => Promise<string[]>;
}

/**
 * The platform's roles stay for as long as the work lasts, and no test that changes roles, which belong to the server, runs beside it;
 * work that `changesRoles` itself runs alone: who is a member of theirs counts for a plan.
 */
export async function withNotesTarget<T>(
  work: (target: NotesTarget) => Promise<T>,
  server: ConnectionSettings = getTestServer().connection,
  changesRoles = false,
): Promise<T> {
  const bundle = await loadNotes();
  const use = (databases: ThrowawayDatabases) =>
    databases.withRoles({ changes: changesRoles }, () =>
      databases.withDatabase(
        { platform: bundle.platform, owner: bundle.deployer },
        async ({ database = '' }) => work(await makeNotes({ ...server, database }, bundle)),
      ),
    );
  return withPlatformDatabases(bundle.platforms, use, { server });
}

/** On a server without the roles of other tests: a test counts everybody who is tried, and these are tried as each role of the API. */
export function withNotesTargetAlone<T>(work: (target: NotesTarget) => Promise<T>): Promise<T> {
  return withTestServer({}, ({ connection }) => withNotesTarget(work, connection));
}

/** On a server of one's own, which may be killed: the platform is laid, and nothing is taken away again. */
export async function makeNotesTarget(server: ConnectionSettings): Promise<NotesTarget> {
  const bundle = await loadNotes();
  const connection = { ...server, database: 'notes' };
  await withSession(server, (session) => session.query('create database notes'));
  await withSession(connection, async (session) => {
    for (const { files } of bundle.platforms) for (const file of files) await runFile(session, file);
    await session.query('alter database notes owner to notes_owner');
  });
  return makeNotes(connection, bundle);
}

async function makeNotes(connection: ConnectionSettings, bundle: Bundle): Promise<NotesTarget> {
  await withSession(connection, async (session) => {
    for (const file of bundle.states[0]?.files ?? []) await runFile(session, file);
  });
  const look = () =>
    withSession(
      connection,
      async (session) =>
        new Map([
          ...(await fingerprintCatalog(session)),
          ...(await fingerprintData(session, [...bundle.tables, 'notes_quarantine.rows'])),
        ]),
    );
  const first = await look();
  const { database } = connection;
  return { connection, database, changes: async () => differences(first, await look()) };
}

/** As somebody would type it; parts can be replaced. */
export function addressOf(
  { host, port, user, password, database, application_name }: ConnectionSettings,
  changed: { readonly password?: string; readonly database?: string } = {},
): string {
  const secret = encodeURIComponent(changed.password ?? password ?? '');
  // The host is a parameter because it may be the folder of a socket.
  const place = `host=${encodeURIComponent(host)}&sslmode=disable`;
  const program =
    application_name === undefined ? '' : `&application_name=${encodeURIComponent(application_name)}`;
  const name = changed.database ?? database;
  return `postgres://${encodeURIComponent(user)}:${secret}@localhost:${port}/${name}?${place}${program}`;
}
