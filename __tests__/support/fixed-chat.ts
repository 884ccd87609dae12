/** The chat fix applied to one broken database, and copies of it for what somebody then breaks. */
import path from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import { runFile } from '../../src/database/run-file.js';
import { withThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withRollback, withTransaction } from '../../src/database/with-transaction.js';
import type { Bundle, CheckResult, ScenarioResult } from '../../src/model.js';
import { runChecks } from '../../src/stages/run-checks.js';
import { runScenarios } from '../../src/stages/run-scenarios.js';
import { applyBundle } from './apply-bundle.js';
import { getTestServer, withTestDatabase } from './server.js';

/** In the order of the bundle. */
interface Findings {
  readonly checks: readonly CheckResult[];
  readonly scenarios: readonly ScenarioResult[];
}

export interface FixedChat {
  readonly bundle: Bundle;
  readonly before: Findings;
  readonly after: Findings;
  /** Gives the work a copy of the fixed database in which the superuser has run `breakage`, as the deployer again. */
  readonly withBroken: <T>(breakage: string, work: (session: Session) => Promise<T>) => Promise<T>;
}

const sql = path.resolve(import.meta.dirname, '../../sql');
const become = "reset role; set session authorization supabase_owner; set search_path = ''";

/** Every generation of the application over one another: on it no check passes. */
const brokenState = '55_every_generation_at_once';

/** For all tests of a file: call it at the top, and what it returns within a test. */
export function useFixedChat(): () => FixedChat {
  let fixed: FixedChat | null = null;
  let release: () => void = () => undefined;
  let held: Promise<void> = Promise.resolve();
  beforeAll(async () => {
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((ready, failed) => {
      held = withFixedChat(async (made) => {
        fixed = made;
        ready();
        await released;
      });
      held.catch(failed);
    });
  });
  afterAll(async () => {
    release();
    await held;
  });
  return () => {
    if (fixed === null) throw new Error('The fixed database is made before the first test of the file.');
    return fixed;
  };
}

async function withFixedChat(work: (fixed: FixedChat) => Promise<void>): Promise<void> {
  const bundle = await loadBundle(path.join(sql, 'bundles', 'chat-schema-fix'), sql);
  const { connection: server } = getTestServer();
  const options = { platforms: bundle.platforms, signal: new AbortController().signal };
  await withThrowawayDatabases(server, options, (databases) =>
    databases.withDatabase({ platform: 'supabase', owner: 'supabase_owner' }, async ({ database = '' }) => {
      const { before, after } = await withSession({ ...server, database }, async (session) => {
        await buildState(session, bundle);
        const found = await find(session, bundle);
        await fix(session, bundle);
        return { before: found, after: await find(session, bundle) };
      });
      await work({
        bundle,
        before,
        after,
        withBroken: (breakage, use) =>
          withTestDatabase(
            (connection) =>
              withSession(connection, async (session) => {
                // A copy belongs to whoever made it.
                await session.query(`alter database "${connection.database}" owner to supabase_owner`);
                await session.query(breakage);
                await session.query(become);
                return use(session);
              }),
            database,
          ),
      });
    }),
  );
}

async function buildState(session: Session, bundle: Bundle): Promise<void> {
  const state = bundle.states.find(({ name }) => name === brokenState);
  if (state === undefined) throw new Error(`There is no state ${brokenState}.`);
  await session.query('set role supabase_owner');
  await withTransaction(session, async () => {
    for (const file of state.files) await runFile(session, file);
  });
  await session.query(become);
}

async function find(session: Session, bundle: Bundle): Promise<Findings> {
  return withRollback(session, async () => {
    const checks = await runChecks(session, bundle);
    return { checks, scenarios: (await runScenarios(session, bundle)).scenarios };
  });
}

async function fix(session: Session, bundle: Bundle): Promise<void> {
  await withTransaction(session, () => applyBundle(session, bundle));
}
