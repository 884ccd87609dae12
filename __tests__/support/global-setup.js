/** Makes what all tests share: the server of the database tests, and the command line in one piece. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withServer } from '../../lib/postgres/with-server.js';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));

export default async function setUp() {
  await Promise.all([startTestServer(), bundleCommandLine()]);
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

/** It dies with jest, however jest dies. TEST_POSTGRES names its major. */
function startTestServer() {
  return new Promise((ready, failed) => {
    const stopped = new Promise((stop) => {
      globalThis.stopTestServer = stop;
    });
    globalThis.testServerStopped = withServer(
      { source: 'embedded', major: Number(process.env.TEST_POSTGRES) || null, url: null, image: null },
      { progress: () => undefined, signal: new AbortController().signal },
      async (server) => {
        process.env.SCHEMA_FIX_TEST_SERVER = JSON.stringify(server);
        ready();
        await stopped;
      },
    );
    globalThis.testServerStopped.catch(failed);
  });
}
