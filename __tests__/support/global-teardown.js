/** Stops the servers of the database tests and waits until nothing is left of them. */
export default async function stopTestServers() {
  globalThis.stopTestServers();
  await globalThis.testServersStopped;
}
