/** The pgbouncer of this machine, if there is one, before the tests' server. The double beside it is tested everywhere. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { ConnectionSettings } from '../../src/postgres/connection.js';

export const installedPgbouncer: string | null = findPgbouncer();

function findPgbouncer(): string | null {
  const folders = ['/usr/sbin', '/usr/local/sbin', ...(process.env.PATH ?? '').split(path.delimiter)];
  return (
    folders.map((folder) => path.join(folder, 'pgbouncer')).find((program) => existsSync(program)) ?? null
  );
}

export interface PgbouncerOptions {
  readonly mode: 'session' | 'transaction' | 'statement';
  /** Connections to the server. */
  readonly size?: number;
}

/** It asks for no password, and leads every name of a database and of a user to the one that is given. */
export async function withPgbouncer<T>(
  { host, port, user, password, database }: ConnectionSettings,
  { mode, size = 4 }: PgbouncerOptions,
  work: (port: number) => Promise<T>,
): Promise<T> {
  if (installedPgbouncer === null) throw new Error('There is no pgbouncer on this machine.');
  const folder = await mkdtemp(path.join(tmpdir(), 'pgbouncer-'));
  const file = path.join(folder, 'pgbouncer.ini');
  const listening = await findPort();
  const quote = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`;
  await writeFile(
    file,
    `[databases]
* = host=${quote(host)} port=${port} user=${quote(user)} password=${quote(password)} dbname=${quote(database)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listening}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${size}
query_wait_timeout = 2
ignore_startup_parameters = extra_float_digits
`,
  );
  // It runs as nobody less than root.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync('chown', ['-R', 'nobody', folder]);
  const program = spawn(installedPgbouncer, ['--quiet', ...(isRoot ? ['--user', 'nobody'] : []), file], {
    stdio: 'ignore',
  });
  const ended = once(program, 'exit');
  try {
    await untilReady(listening);
    return await work(listening);
  } finally {
    program.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  }
}

async function findPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

async function untilReady(port: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'anybody', database: 'ready' });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error: unknown) {
      if (tries === 100) throw error;
      await wait(100);
    }
  }
}
