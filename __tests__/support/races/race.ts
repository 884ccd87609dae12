/** A race is played on a database of its own and tells what came of it, which is compared with what has to. */
import type pg from 'pg';
import { chooseStates } from '../../../src/bundle/choose-states.js';
import type { ThrowawayDatabases } from '../../../src/database/throwaway-databases.js';
import { type Session, withSession } from '../../../src/database/with-session.js';
import { withTransaction } from '../../../src/database/with-transaction.js';
import type { Bundle, State } from '../../../src/model.js';
import { applyBundle } from '../apply-bundle.js';
import { type BuiltState, withBuiltState, withKeptState } from '../built-state.js';
import { withTestDatabase } from '../server.js';

export interface Race {
  readonly name: string;
  readonly expected: unknown;
  readonly play: (arena: Arena) => Promise<unknown>;
  /** The number of the state that it is played on, or an empty database that the fix has been applied to. */
  readonly ground: number | 'fixed';
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
  if (race.ground === 'fixed') {
    return withFixedGround(databases, bundle, (ground) => playOn(ground, bundle, race));
  }
  return withBuiltState(databases, bundle, stateOf(bundle, race.ground), (built) =>
    playOn(built, bundle, race),
  );
}

/** The same for many races: each is played on a copy, to which nobody may be connected while it is copied. */
export function playOnCopy(ground: BuiltState, bundle: Bundle, race: Race): Promise<unknown> {
  return withTestDatabase(({ database }) => {
    const copy = {
      connection: { ...ground.connection, database },
      deployer: { ...ground.deployer, database },
    };
    return playOn(copy, bundle, race);
  }, ground.connection.database);
}

const emptyDatabase = 1;

export function withFixedGround<T>(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  work: (ground: BuiltState) => Promise<T>,
): Promise<T> {
  return withKeptState(databases, bundle, stateOf(bundle, emptyDatabase), async (ground) => {
    await withSession(ground.deployer, (session) =>
      withTransaction(session, () => applyBundle(session, bundle)),
    );
    return work(ground);
  });
}

function stateOf(bundle: Bundle, number: number): State {
  const [state] = chooseStates(bundle.states, { names: [String(number)], shard: null });
  if (state === undefined) throw new Error(`there is no state ${number}`);
  return state;
}

function playOn({ connection, deployer }: BuiltState, bundle: Bundle, race: Race): Promise<unknown> {
  return withSession(connection, (observer) => race.play({ bundle, connection, deployer, observer }));
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
