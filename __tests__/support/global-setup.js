/** Makes what all tests share: the servers of the database tests, and the command line in one piece. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withServer } from '../../lib/postgres/with-server.js';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));

export default async function setUp({ maxWorkers }) {
  await Promise.all([startTestServers(maxWorkers), bundleCommandLine()]);
}

/** A hundred tests call it: that it loads some files instead of some hundred saves each a quarter of a second. */
async function bundleCommandLine() {
  await build({
    entryPoints: [`${lib}/cli.js`],
    outdir: `${lib}/bundled`,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['pg-native'],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

/**
 * One for each worker: roles, their memberships and their settings belong to a whole server, and a test may look at all of
 * them. They die with jest, however jest dies. TEST_POSTGRES names their major.
 */
async function startTestServers(workers) {
  const stopped = new Promise((stop) => {
    globalThis.stopTestServers = stop;
  });
  const started = Array.from({ length: workers }, () => startServer(stopped));
  globalThis.testServersStopped = Promise.all(started.map(({ end }) => end));
  const servers = await Promise.race([
    Promise.all(started.map(({ begin }) => begin)),
    globalThis.testServersStopped,
  ]);
  process.env.SCHEMA_FIX_TEST_SERVERS = JSON.stringify(servers);
}

function startServer(stopped) {
  let answers;
  const begin = new Promise((ready) => {
    answers = ready;
  });
  const end = withServer(
    { source: 'embedded', major: Number(process.env.TEST_POSTGRES) || null, url: null, image: null },
    { progress: () => undefined, signal: new AbortController().signal },
    async (server) => {
      answers(server);
      await stopped;
    },
  );
  return { begin, end };
}
