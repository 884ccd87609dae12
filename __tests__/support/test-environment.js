/**
 * Node with the worker's own server. A test that fails gives back what its sessions hold there: one that ran into its limit
 * would keep the lock on the server's roles, and the tests after it would run into theirs.
 */
import { TestEnvironment } from 'jest-environment-node';
import pg from 'pg';

/** The whole suite has ten minutes: of the tests of a file that take a server or a process it runs the first of each so many. */
const every = 8;

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
    this.runsSome = runsSome(config, context.testPath);
  }

  async handleTestEvent({ name, test }, { rootDescribeBlock }) {
    if (name === 'run_start' && this.runsSome) {
      for (const [place, tests] of listUnits(rootDescribeBlock).entries()) {
        if (place % every !== 0) for (const left of tests) left.mode ??= 'skip';
      }
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

/** Whoever names files or tests wants all of them, and so do EVERYTHING=1, as in test.yml, and a file that has chosen for itself. */
function runsSome({ globalConfig, projectConfig }, testPath) {
  const { testPathPatterns, testNamePattern, shard } = globalConfig;
  const isWhole = testPathPatterns.patterns.length === 0 && !testNamePattern && !shard;
  const { choosesItself } = projectConfig.testEnvironmentOptions;
  return (
    isWhole && !choosesItself && process.env.EVERYTHING !== '1' && !testPath.includes('/__tests__/unit/')
  );
}

/** Tests one by one, but those that look at what their `beforeAll` did together. */
function listUnits(block) {
  if (block.parent !== undefined && block.hooks.some(({ type }) => type === 'beforeAll')) return [listTests(block)];
  return block.children.flatMap((child) => (child.type === 'test' ? [[child]] : listUnits(child)));
}

function listTests(block) {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : listTests(child)));
}
