/** Between a client and the tests' server: lets everything through until the commit, and then cuts the connection. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ConnectionSettings } from '../../src/postgres/connection.js';

/** `answer`: the server carries the commit out, and its answer is lost. `commit`: the commit itself is. `for good`: the answer, and from then on nobody gets through. */
export type Cut = 'answer' | 'commit' | 'for good';

const commit = Buffer.from('commit\0');

export async function withCuttingProxy<T>(
  { host, port }: ConnectionSettings,
  cut: Cut,
  work: (port: number) => Promise<T>,
  onCut: () => void = () => undefined,
): Promise<T> {
  const sockets = new Set<Socket>();
  const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  let isShut = false;
  const listener = createServer((client) => {
    if (isShut) {
      client.destroy();
      return;
    }
    const server = connect(target);
    let isCut = false;
    for (const socket of [client, server]) sockets.add(socket.on('error', () => undefined));
    const end = () => {
      isShut = isShut || (isCut && cut === 'for good');
      client.destroy();
      server.destroy();
    };
    client.on('data', (data) => {
      if (!data.includes(commit)) server.write(data);
      else if (cut === 'commit') {
        end();
        onCut();
      } else {
        isCut = true;
        server.write(data);
      }
    });
    server.on('data', (data) => {
      if (!isCut) client.write(data);
      else {
        end();
        onCut();
      }
    });
    client.on('close', end);
    server.on('close', end);
  });
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  try {
    return await work((listener.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => listener.close(closed));
  }
}
