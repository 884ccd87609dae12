/** Stand-ins for what may listen at a `postgres-url` and is no server that can be used. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Listens on a loopback port and does with every connection what `onConnection` says. */
export async function withStandIn<T>(
  onConnection: (socket: Socket) => void,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined); // The other side may leave at any time.
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A web server, which takes whatever is sent for a bad request. */
export function answerAsWebServer(socket: Socket): void {
  socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
}

/** Begins like Postgres with a certificate; whoever accepts that is refused as a user. */
export function answerWithCertificate(certificate: { key: Buffer; cert: Buffer }): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => {
      socket.write('S');
      const encrypted = new TLSSocket(socket, { isServer: true, ...certificate });
      encrypted.on('error', () => undefined); // A client that does not trust the certificate hangs up.
      encrypted.once('data', () => encrypted.end(encodeError({ S: 'FATAL', C: '28P01', M: 'refused' })));
    });
  };
}

function encodeError(fields: Readonly<Record<string, string>>): Buffer {
  const body = Object.entries(fields).map(([type, value]) => `${type}${value}\0`);
  const text = Buffer.from(`${body.join('')}\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}
