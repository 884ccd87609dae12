/**
 * Node with the worker's own server. A test that fails gives back what its sessions hold there: one that ran into its limit
 * would keep the lock on the server's roles, and the tests after it would run into theirs.
 */
import { TestEnvironment } from 'jest-environment-node';
import pg from 'pg';

/** The whole suite has ten minutes: of the tests of a file that take a server or a process it runs the first of so many. */
const every = 4;

export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    // Workers are counted from one.
    const server = JSON.parse(process.env.SCHEMA_FIX_TEST_SERVERS)[process.env.JEST_WORKER_ID - 1];
    this.connection = server.connection;
    // Tells the sessions of the tests from those of what they start; a worker runs one file at a time.
    this.sessions = 'schema-fix test';
    this.global.process.env.SCHEMA_FIX_TEST_SERVER = JSON.stringify({
      ...server,
      connection: { ...server.connection, application_name: this.sessions },
    });
    this.runsSome = runsSome(config.globalConfig, context.testPath);
    this.place = 0;
  }

  async handleTestEvent({ name, test }) {
    if (name === 'test_start' && this.runsSome && test.mode === undefined) {
      if (this.place % every !== 0) test.mode = 'skip';
      this.place += 1;
    }
    // A test that is meant to fail, `it.failing`, succeeds by failing.
    const hasFailed = /^(test_fn|hook)_failure$/.test(name) || (name === 'test_fn_success' && test.failing);
    if (hasFailed) await this.endSessions(new Date(test?.startedAt ?? 0));
  }

  /** Those of a test were opened since it began; where `beforeAll` fails, so does all that the file has opened. */
  async endSessions(since) {
    const client = new pg.Client(this.connection);
    await client.connect();
    try {
      await client.query(
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity
         where application_name = $1 and backend_start >= $2`,
        [this.sessions, since],
      );
    } finally {
      await client.end();
    }
  }
}

/** Whoever names files or tests wants all of them, and so does EVERYTHING=1, as in the workflow test.yml. */
function runsSome({ testPathPatterns, testNamePattern, shard }, testPath) {
  const isWhole = testPathPatterns.patterns.length === 0 && !testNamePattern && !shard;
  return isWhole && process.env.EVERYTHING !== '1' && !testPath.includes('/__tests__/unit/');
}
