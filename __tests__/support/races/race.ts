/** A race is played on a database of its own and tells what came of it, which is compared with what has to. */
import type pg from 'pg';
import { chooseStates } from '../../../src/bundle/choose-states.js';
import type { ThrowawayDatabases } from '../../../src/database/throwaway-databases.js';
import { type Session, withSession } from '../../../src/database/with-session.js';
import type { Bundle, State } from '../../../src/model.js';
import { buildState } from '../chat/build-state.js';

export interface Race {
  readonly name: string;
  readonly expected: unknown;
  readonly play: (arena: Arena) => Promise<unknown>;
  /** The number of the state that it is played on. */
  readonly state: number;
}

export interface Arena {
  readonly bundle: Bundle;
  readonly connection: pg.ClientConfig;
  /** As whom the deployer logs in, as on a target. */
  readonly deployer: pg.ClientConfig;
  /** The superuser's. */
  readonly observer: Session;
}

export function playRace(databases: ThrowawayDatabases, bundle: Bundle, race: Race): Promise<unknown> {
  const [state] = chooseStates(bundle.states, { names: [String(race.state)], shard: null }) as [State];
  const place = { platform: state.platform ?? bundle.platform, owner: state.deployer ?? bundle.deployer };
  return databases.withDatabase(place, (connection) =>
    withSession(connection, async (observer) => {
      await buildState(observer, bundle, state);
      const login = await databases.loginOf(place.owner);
      return race.play({ bundle, connection, deployer: { ...connection, ...login }, observer });
    }),
  );
}

/** A session of somebody who is signed in, or of the deployer. */
export function withSessionOf<T>(
  { connection, deployer, bundle }: Arena,
  who: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (who === 'deployer') return withSession(deployer, work);
  return withSession(connection, async (session) => {
    const claims = bundle.actors.find(({ name }) => name === who)?.claims;
    await session.query(
      `set role authenticated; select pg_catalog.set_config('request.jwt.claims', ${session.escapeLiteral(JSON.stringify(claims))}, false)`,
    );
    return work(session);
  });
}

export async function readValue(session: Session, sql: string): Promise<string | null> {
  const { rows } = await session.query({ text: sql, rowMode: 'array' });
  const value: unknown = rows[0]?.[0];
  return value === undefined || value === null ? null : String(value);
}
