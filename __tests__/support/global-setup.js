/** Starts the one server that all database tests share; it dies with jest, however jest dies. TEST_POSTGRES names its major. */
import { withServer } from '../../lib/postgres/with-server.js';

export default async function startTestServer() {
  await new Promise((ready, failed) => {
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
