/** The chat bundle as it ships, and databases of its platforms on the server of the tests. */
import path from 'node:path';
import type pg from 'pg';
import { getActionRoot } from '../../src/action-root.js';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import type { ThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import type { Bundle, State } from '../../src/model.js';
import { withBuiltState } from './built-state.js';
import { usePlatformDatabases } from './server.js';

const sqlFolder = path.join(getActionRoot(), 'sql');

export function loadChatBundle(): Promise<Bundle> {
  return loadBundle(path.join(sqlFolder, 'bundles', 'chat-schema-fix'), sqlFolder);
}

/** Gives the work the deployer's session on a database that the state has built, and the superuser's connection to it. */
export type WithChatDatabase = <T>(
  state: State,
  work: (session: Session, connection: pg.ClientConfig) => Promise<T>,
) => Promise<T>;

/** For all tests of a file: call it at the top, and what it returns within a test. */
export function useChatDatabases(bundle: Bundle): WithChatDatabase {
  return withChatStates(bundle, usePlatformDatabases(bundle.platforms));
}

/** The same on databases that a file has already. */
export function withChatStates(bundle: Bundle, databases: () => ThrowawayDatabases): WithChatDatabase {
  return (state, work) =>
    withBuiltState(databases(), bundle, state, ({ connection, deployer }) =>
      withSession(deployer, (session) => work(session, connection)),
    );
}
