/** Waits until a server answers a query: an open port alone may belong to a server that is about to restart. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { versionInSql } from '../majors.js';
import { JobFailure, type StartedServer } from './job.js';

const POLL_MILLISECONDS = 10;

/** Between two answers of one server process. */
const STEADY_MILLISECONDS = 300;

export interface Readiness {
  /** How often the same server process must answer, a moment apart, before it is trusted to stay. */
  readonly answers: number;
  readonly patienceMilliseconds: number;
  readonly signal: AbortSignal;
}

/** Gives the version as the server says it: `17.10`. */
export async function waitForServer(
  server: Omit<StartedServer, 'version'>,
  { answers, patienceMilliseconds, signal }: Readiness,
): Promise<string> {
  const deadline = Date.now() + patienceMilliseconds;
  const seen: string[] = [];
  let problem = 'it was not asked';
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    try {
      const { version, startedAt } = await askServer(server);
      if (seen.at(-1) !== startedAt) seen.length = 0;
      if (seen.push(startedAt) >= answers) return version;
      await sleep(STEADY_MILLISECONDS, undefined, { signal });
    } catch (error: unknown) {
      problem = error instanceof Error ? error.message : String(error);
      await sleep(POLL_MILLISECONDS, undefined, { signal });
    }
  }
  throw new JobFailure(`the server did not answer within ${patienceMilliseconds / 1000} seconds: ${problem}`);
}

async function askServer(
  server: Omit<StartedServer, 'version'>,
): Promise<{ version: string; startedAt: string }> {
  const client = new pg.Client({
    ...server,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined); // The query or the connection attempt rejects with it too.
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; startedAt: string }>(
      `select ${versionInSql} as version,
              pg_catalog.pg_postmaster_start_time()::text as "startedAt"`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the server answered with no row');
    return row;
  } finally {
    await client.end().catch(() => undefined); // It may never have been open.
  }
}
