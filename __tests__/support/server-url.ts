/** The address of the server that all tests share, as somebody would give it. */
import { getTestServer } from './server.js';

/** It listens on a socket, whose folder cannot stand where a host stands. */
export function serverUrl(): string {
  const { host, port, user, password } = getTestServer().connection;
  const url = new URL(`postgres://localhost:${port}/postgres`);
  url.username = user;
  url.password = String(password);
  url.searchParams.set('host', host);
  return url.href;
}
