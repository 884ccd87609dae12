/** Servers that are not the Postgres that somebody hoped for: of an old major, of another kind, or silent. */
import { createServer, type Socket } from 'node:net';

/** The address of a server that is closed when the work is done. */
async function withListener<T>(
  answer: (socket: Socket) => void,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    answer(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  try {
    return await work(`127.0.0.1:${port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  }
}

/** Nobody listens there: the port was free a moment ago. */
export async function findClosedAddress(): Promise<string> {
  return withListener(
    () => undefined,
    async (address) => address,
  );
}

export function withSilentServer<T>(work: (address: string) => Promise<T>): Promise<T> {
  return withListener(() => undefined, work);
}

export function withWebServer<T>(work: (address: string) => Promise<T>): Promise<T> {
  return withListener((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
  }, work);
}

/**
 * Speaks as much of the protocol as it takes to be asked for its version: no binaries of a major that old are at hand.
 * Whatever the query, its answer is one row with the columns `version` and `isSuperuser`.
 */
export function withOldPostgres<T>(version: string, work: (address: string) => Promise<T>): Promise<T> {
  return withListener((socket) => {
    let isStarted = false;
    socket.on('data', (data) => {
      if (!isStarted && data.readInt32BE(4) === sslRequest) {
        socket.write('N');
        return;
      }
      if (!isStarted) {
        isStarted = true;
        socket.write(Buffer.concat([message('R', int32(0)), parameter('server_version', version), ready]));
        return;
      }
      if (data.toString('latin1', 0, 1) === 'Q') socket.write(Buffer.concat([rowOf(version), ready]));
    });
  }, work);
}

const sslRequest = 80_877_103;
const types = { text: 25, boolean: 16 };

const int16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number) =>
  Buffer.from([value >> 24, value >> 16, value >> 8, value].map((byte) => byte & 255));
const string = (text: string) => Buffer.from(`${text}\0`);

function message(kind: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

const parameter = (name: string, value: string) => message('S', string(name), string(value));
const ready = message('Z', Buffer.from('I'));

function rowOf(version: string): Buffer {
  const column = (name: string, type: number) =>
    Buffer.concat([string(name), int32(0), int16(0), int32(type), int16(0), int32(0), int16(0)]);
  const value = (text: string) => Buffer.concat([int32(text.length), Buffer.from(text)]);
  return Buffer.concat([
    message('T', int16(2), column('version', types.text), column('isSuperuser', types.boolean)),
    message('D', int16(2), value(version), value('t')),
    message('C', string('SELECT 1')),
  ]);
}
