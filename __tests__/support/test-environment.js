/**
 * Node, and a test that fails gives back what its sessions hold on the server of the tests: one that ran into its limit would
 * keep the lock on the server's roles, and the tests after it would run into theirs.
 */
import { TestEnvironment } from 'jest-environment-node';
import pg from 'pg';

export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const server = JSON.parse(process.env.SCHEMA_FIX_TEST_SERVER);
    this.connection = server.connection;
    // A worker runs one file at a time, so that its number tells whose a session is.
    this.sessions = `schema-fix test ${process.env.JEST_WORKER_ID}`;
    this.global.process.env.SCHEMA_FIX_TEST_SERVER = JSON.stringify({
      ...server,
      connection: { ...server.connection, application_name: this.sessions },
    });
  }

  async handleTestEvent({ name, test }) {
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
