/**
 * A pooler between a client and the tests' server, as little of one as tells its modes apart: there is no pgbouncer in
 * `npm ci`. It asks for no password, answers a start itself, as poolers do, and leads every name to one database. In the mode
 * `transaction` a connection to the server is a client's from `begin` to `commit`; which one comes next, `order` says. The mode
 * `statement` takes no `begin`.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';
import type { ConnectionSettings } from '../../src/postgres/connection.js';

export interface PoolerOptions {
  readonly mode: 'session' | 'transaction' | 'statement';
  /** `last`: the one that was given back last, as pgbouncer does. */
  readonly order?: 'last' | 'turns';
  /** Connections to the server. In the mode `session` who finds none free is sent away. */
  readonly size?: number;
}

export async function withPooler<T>(
  server: ConnectionSettings,
  { mode, order = 'last', size = 4 }: PoolerOptions,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const clients: pg.Client[] = [];
  const idle: Socket[] = [];
  const waiting: ((backend: Socket) => void)[] = [];
  for (let made = 0; made < size; made += 1) {
    const client = new pg.Client(server);
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    stream.removeAllListeners('data');
    idle.push(stream);
  }
  const acquire = (): Promise<Socket> | null => {
    const free = order === 'last' ? idle.pop() : idle.shift();
    if (free === undefined && mode === 'session') return null;
    return free === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(free);
  };
  const release = (backend: Socket) => {
    backend.removeAllListeners('data');
    const next = waiting.shift();
    if (next === undefined) idle.push(backend);
    else next(backend);
  };
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    serve(socket, { mode, acquire, release });
  });
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  try {
    return await work((listener.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => listener.close(closed));
    for (const client of clients)
      (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
  }
}

interface Service {
  readonly mode: PoolerOptions['mode'];
  readonly acquire: () => Promise<Socket> | null;
  readonly release: (backend: Socket) => void;
}

/** One request after the other, each until the server is ready for the next. */
function serve(socket: Socket, { mode, acquire, release }: Service): void {
  let pending = Buffer.alloc(0);
  let isStarted = false;
  let backend: Socket | null = null;
  let isAsking = Promise.resolve();
  const giveBack = () => {
    if (backend !== null) release(backend);
    backend = null;
  };
  const ask = async (request: Buffer) => {
    if (mode === 'statement' && /^begin/i.test(request.subarray(5).toString())) {
      socket.end(refusal('transaction blocks not allowed in statement pooling mode'));
      return;
    }
    backend ??= await acquire();
    if (backend === null) {
      socket.end(refusal('query_wait_timeout'));
      return;
    }
    const status = await relay(backend, request, socket);
    if (mode !== 'session' && status === 'I') giveBack();
  };
  socket.on('data', (data) => {
    pending = Buffer.concat([pending, data]);
    while (!isStarted && pending.length >= 8) {
      const length = pending.readInt32BE(0);
      const code = pending.readInt32BE(4);
      pending = pending.subarray(length);
      if (code === sslRequest) socket.write('N');
      else {
        isStarted = true;
        socket.write(greeting);
      }
    }
    if (!isStarted) return;
    for (let end = endOfRequest(pending); end > 0; end = endOfRequest(pending)) {
      const request = pending.subarray(0, end);
      pending = pending.subarray(end);
      if (request[0] === 0x58) socket.end();
      else isAsking = isAsking.then(() => ask(request));
    }
  });
  socket.on('close', () => {
    isAsking = isAsking.then(giveBack);
  });
}

/** Resolves with the status that the server's ReadyForQuery has. */
function relay(backend: Socket, request: Buffer, socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const listen = (data: Buffer) => {
      socket.write(data);
      seen = Buffer.concat([seen, data]);
      while (seen.length >= 5 && seen.length > seen.readInt32BE(1)) {
        const length = seen.readInt32BE(1) + 1;
        const status = seen[0] === 0x5a ? String.fromCharCode(seen[5] ?? 0) : null;
        seen = seen.subarray(length);
        if (status === null) continue;
        backend.off('data', listen);
        resolve(status);
      }
    };
    backend.on('data', listen);
    backend.write(request);
  });
}

/** Where a simple query, an extended one with its Sync, or the goodbye ends; 0: not yet. */
function endOfRequest(data: Buffer): number {
  let position = 0;
  while (data.length >= position + 5) {
    const kind = String.fromCharCode(data[position] ?? 0);
    const end = position + 1 + data.readInt32BE(position + 1);
    if (data.length < end) return 0;
    if ('QSX'.includes(kind)) return end;
    position = end;
  }
  return 0;
}

const sslRequest = 80_877_103;

function message(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
}

/** As pgbouncer says it. */
const refusal = (text: string) => message('E', Buffer.from(`SFATAL\0C08P01\0M${text}\0\0`));

/** Let in, whom to call to cancel (nobody), and ready. */
const greeting = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('S', Buffer.from('server_version\0pooled\0')),
  message('K', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])),
  message('Z', Buffer.from('I')),
]);
