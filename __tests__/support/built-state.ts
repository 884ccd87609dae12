/** A state → a database that it has built as a rehearsal builds it, for as long as the work lasts. */
import type pg from 'pg';
import type { ThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import type { Login } from '../../src/database/throwaway-logins.js';
import { withSession } from '../../src/database/with-session.js';
import { SqlError } from '../../src/errors.js';
import type { Bundle, State } from '../../src/model.js';
import { buildState } from '../../src/stages/build-state.js';
import { changesServer } from '../../src/stages/rehearse-state.js';

export interface BuiltState {
  /** The superuser's. */
  readonly connection: pg.ClientConfig;
  /** How the deployer logs in, as on a target. */
  readonly deployer: pg.ClientConfig & Pick<Login, 'role'>;
}

/** Throws where the state does not load. While the work lasts nobody changes the server's roles, as in a rehearsal. */
export function withBuiltState<T>(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  state: State,
  work: (built: BuiltState) => Promise<T>,
): Promise<T> {
  return databases.withRoles({ changes: changesServer(bundle, state) }, () =>
    withKeptState({ ...databases, withRoles: (_use, alone) => alone() }, bundle, state, work),
  );
}

/** The same for what is kept while other tests run: it must not keep a state waiting that has the roles to itself. */
export async function withKeptState<T>(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  state: State,
  work: (built: BuiltState) => Promise<T>,
): Promise<T> {
  const login = await databases.loginOf(state.deployer ?? bundle.deployer);
  const place = { platform: state.platform ?? bundle.platform, owner: login.role };
  return databases.withDatabase(place, async (connection) => {
    const { problem } = await databases.withRoles({ changes: changesServer(bundle, state) }, () =>
      withSession(connection, (session) => buildState(session, state.files, login.role)),
    );
    if (problem !== null) throw new SqlError(problem);
    return work({ connection, deployer: { ...connection, ...login } });
  });
}
