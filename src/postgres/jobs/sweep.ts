/** Removes what dead supervisors left behind (they were killed themselves, or the machine was); never a live one's. */
import { access, lstat, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../processes/run-command.js';
import { sendSignal } from '../processes/send-signal.js';
import { DIRECTORY_PREFIX, getLifeSign, MARKER } from './private-directory.js';

/** A directory this young may belong to a supervisor that has not begun to listen in it. */
const GRACE_MILLISECONDS = 10_000;

/** Postgres kills its own children 5 seconds after an immediate shutdown. */
const STOP_PATIENCE_MILLISECONDS = 7_000;

/** Directories of other users, without our marker, and those that cannot be removed, are left to whoever made them. */
export async function sweep(parents: readonly string[]): Promise<void> {
  for (const parent of parents) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((candidate) => candidate.startsWith(DIRECTORY_PREFIX))) {
      await sweepDirectory(join(parent, name)).catch(() => undefined);
    }
  }
}

async function sweepDirectory(directory: string): Promise<void> {
  const { uid, mtimeMs } = await lstat(directory);
  if (process.getuid !== undefined && uid !== process.getuid()) return;
  if (Date.now() - mtimeMs < GRACE_MILLISECONDS || (await isOwnerAlive(directory))) return;
  await access(join(directory, MARKER));
  await stopOrphanedServer(join(directory, 'data'));
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** Anything but a clear refusal counts as a sign of life. */
function isOwnerAlive(directory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(getLifeSign(directory));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

/** A server outlives a supervisor that was killed with SIGKILL. Its process id is believed only while it names our data. */
async function stopOrphanedServer(data: string): Promise<void> {
  const pidFile = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(pidFile.split('\n')[0]);
  if (!(pid > 1)) return;
  const isRunning = async () => (await readCommandLine(pid)).includes(data);
  if (!(await isRunning())) return;
  sendSignal(pid, 'SIGQUIT');
  const deadline = Date.now() + STOP_PATIENCE_MILLISECONDS;
  while ((await isRunning()) && Date.now() < deadline) await sleep(20);
}

async function readCommandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (process.platform === 'win32') return '';
  const { stdout } = await runCommand('ps', ['-o', 'command=', '-p', String(pid)]);
  return stdout;
}
