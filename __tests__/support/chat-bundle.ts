/** The chat bundle as it ships, and databases of its platform on the server of the tests. */
import path from 'node:path';
import type pg from 'pg';
import { getActionRoot } from '../../src/action-root.js';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import type { Bundle, State } from '../../src/model.js';
import { withPlatformDatabases } from './server.js';

const sqlFolder = path.join(getActionRoot(), 'sql');

export function loadChatBundle(): Promise<Bundle> {
  return loadBundle(path.join(sqlFolder, 'bundles', 'chat-schema-fix'), sqlFolder);
}

/** A session as the deployer on a database that a state has built. */
export function withChatDatabase<T>(
  bundle: Bundle,
  state: State,
  work: (session: Session, connection: pg.ClientConfig) => Promise<T>,
): Promise<T> {
  const deployer = state.deployer ?? bundle.deployer ?? '';
  const platform = state.platform ?? bundle.platform;
  return withPlatformDatabases(
    bundle.platforms.filter(({ name }) => name === platform),
    (databases) =>
      databases.withDatabase({ platform, owner: deployer }, (connection) =>
        withSession(connection, async (session) => {
          await session.query(`set role ${deployer}`);
          for (const { text } of state.files) await session.query(text);
          await session.query(`set session authorization ${deployer}; set search_path = ''`);
          return work(session, connection);
        }),
      ),
  );
}
