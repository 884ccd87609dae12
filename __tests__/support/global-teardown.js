/** Stops the server of the database tests and waits until nothing is left of it. */
export default async function stopTestServer() {
  globalThis.stopTestServer();
  await globalThis.testServerStopped;
}
