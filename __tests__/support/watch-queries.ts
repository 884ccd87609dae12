/** A server behind a socket that notes every query on its way to it. */
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import path from 'node:path';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { withFolder } from './notes-bundle.js';

/** Gives the work the same database by the other way, and a list that grows with each message that holds SQL. */
export async function watchQueries<T>(
  connection: ConnectionSettings,
  work: (watched: ConnectionSettings, queries: readonly string[]) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    const queries: string[] = [];
    const socket = (host: string) => path.join(host, `.s.PGSQL.${connection.port}`);
    const proxy = createServer((client) => {
      const server = createConnection(socket(connection.host));
      const read = readMessages((sql) => queries.push(sql));
      client.on('data', (bytes) => read(bytes));
      client.on('error', () => server.destroy());
      server.on('error', () => client.destroy());
      client.pipe(server).pipe(client);
    });
    proxy.listen(socket(folder));
    await once(proxy, 'listening');
    try {
      return await work({ ...connection, host: folder }, queries);
    } finally {
      proxy.close();
    }
  });
}

/** Of the client's messages: the first has no type; `Q` holds SQL, and `P` a name before it. */
function readMessages(note: (sql: string) => void): (bytes: Buffer) => void {
  let held = Buffer.alloc(0);
  let isStarted = false;
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    for (;;) {
      const at = isStarted ? 1 : 0;
      if (held.length < at + 4) return;
      const length = held.readInt32BE(at) + at;
      if (held.length < length) return;
      const type = isStarted ? String.fromCharCode(held[0] as number) : '';
      const [first = '', second = ''] = held
        .subarray(at + 4, length)
        .toString('utf8')
        .split('\0');
      if (type === 'Q') note(first);
      if (type === 'P') note(second);
      isStarted = true;
      held = held.subarray(length);
    }
  };
}
