/** A copy of a running server, as `pg_basebackup` would make it, started as a replica of it or with other settings. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { withClient } from './server.js';

export interface CopyOptions {
  readonly isReplica: boolean;
  /** `track_commit_timestamp=on`. */
  readonly settings?: readonly string[];
}

/** A replica refuses to start with fewer than its primary has. */
const atLeastThePrimarys = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
];

export async function withCopiedServer<T>(
  primary: ConnectionSettings,
  { isReplica, settings = [] }: CopyOptions,
  work: (copy: ConnectionSettings) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'copied-'));
  const data = path.join(folder, 'data');
  try {
    const { binary, limits } = await copyData(primary, data);
    const owner = await stat(data);
    await chown(folder, owner.uid, owner.gid);
    if (isReplica) {
      await writeFile(path.join(data, 'standby.signal'), '');
      await appendFile(
        path.join(data, 'postgresql.auto.conf'),
        `\nprimary_conninfo = 'host=${primary.host} port=${primary.port} user=${primary.user} password=${primary.password ?? ''}'\n`,
      );
    }
    for (const file of ['backup_label', ...(isReplica ? ['standby.signal'] : [])])
      await chown(path.join(data, file), owner.uid, owner.gid);
    const given = [
      'listen_addresses=',
      `unix_socket_directories=${folder}`,
      `port=${primary.port}`,
      ...limits,
      ...settings,
    ];
    const server = spawn(binary, ['-D', data, ...given.flatMap((setting) => ['-c', setting])], {
      stdio: 'ignore',
      ...(process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid } : {}),
    });
    const ended = once(server, 'exit');
    try {
      const copy = { ...primary, host: folder };
      await waitUntilItAnswers(copy, () => server.exitCode);
      return await work(copy);
    } finally {
      server.kill('SIGQUIT');
      await ended;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyData(
  primary: ConnectionSettings,
  to: string,
): Promise<{ binary: string; limits: string[] }> {
  return withClient(primary, async (client) => {
    const { rows } = await client.query<{ from: string; bin: string }>(
      `select current_setting('data_directory') as "from", setting as bin from pg_config where name = 'BINDIR'`,
    );
    const { from = '', bin = '' } = rows[0] ?? {};
    const limits = await client.query<{ given: string }>(
      `select name || '=' || setting as given from pg_settings where name = any($1)`,
      [atLeastThePrimarys],
    );
    await client.query(`select pg_backup_start('copy', true)`);
    // As root `-a` leaves it with the account that the server runs as.
    await execa('cp', ['-a', from, to]);
    const { rows: stopped } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(false)',
    );
    await execa('cp', ['-a', path.join(from, 'pg_wal'), to]);
    await writeFile(path.join(to, 'backup_label'), stopped[0]?.labelfile ?? '');
    await rm(path.join(to, 'postmaster.pid'));
    return { binary: path.join(bin, 'postgres'), limits: limits.rows.map(({ given }) => given) };
  });
}

async function waitUntilItAnswers(copy: ConnectionSettings, exitCode: () => number | null): Promise<void> {
  for (;;) {
    const answers = await withClient(copy, (client) => client.query('select 1')).then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (exitCode() !== null) throw new Error('The copy of the server did not start.');
    await sleep(100);
  }
}
