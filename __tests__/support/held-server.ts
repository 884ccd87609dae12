/** A process that holds a server, and a look at what is left of it once it was killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface HeldServer {
  readonly holder: ChildProcess;
  /** The folder in which its server's private directory is made. */
  readonly parent: string;
  /** Waits until the holder has said this word. */
  readonly said: (word: string) => Promise<void>;
  /** Everything that works in the parent or was told of it, and what lies in it. */
  readonly listRemains: () => Promise<Remains>;
  /** The remains that are still there when they had time to go. */
  readonly waitUntilGone: () => Promise<Remains>;
}

export interface Remains {
  readonly directories: readonly string[];
  readonly processes: readonly { readonly pid: number; readonly command: string }[];
}

export interface HoldOptions {
  readonly env?: (parent: string) => NodeJS.ProcessEnv;
  /** By default a new folder, in which nothing else lies. */
  readonly parent?: string;
}

export const nothing: Remains = { directories: [], processes: [] };

const patienceMilliseconds = 30_000;

export async function withHeldServer<T>(
  options: HoldOptions,
  work: (held: HeldServer) => Promise<T>,
): Promise<T> {
  if (options.parent !== undefined) return holdServer(options.parent, options, work);
  const parent = await mkdtemp(path.join(tmpdir(), 'held-'));
  try {
    await chmod(parent, 0o711); // Under root the server is run by another account.
    return await holdServer(parent, options, work);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function holdServer<T>(
  parent: string,
  { env }: HoldOptions,
  work: (held: HeldServer) => Promise<T>,
): Promise<T> {
  const holder = spawn(process.execPath, ['__tests__/fixtures/hold-server.mjs'], {
    // A group of its own, as a shell makes one for the command that Ctrl-C is to end.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env?.(parent), SCHEMA_FIX_TMPDIR: parent },
  });
  const words: string[] = [];
  createInterface({ input: holder.stdout }).on('line', (word) => words.push(word));
  const listRemains = async () => ({
    directories: await readdir(parent),
    processes: await listProcesses(parent),
  });
  const isGone = async () => {
    const { directories, processes } = await listRemains();
    return directories.length === 0 && processes.length === 0;
  };
  try {
    return await work({
      holder,
      parent,
      said: (word) => until(async () => words.includes(word)),
      listRemains,
      waitUntilGone: async () => {
        await until(isGone).catch(() => undefined); // What remains says more.
        return listRemains();
      },
    });
  } finally {
    holder.kill('SIGKILL');
  }
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(20);
  }
}

/** Postgres overwrites its environment, but not where it is. */
export async function listProcesses(folder: string): Promise<Remains['processes']> {
  const found: { pid: number; command: string }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      const traces = [
        command,
        await readFile(`/proc/${pid}/environ`, 'utf8'),
        await readlink(`/proc/${pid}/cwd`),
      ];
      if (traces.some((trace) => trace.includes(folder))) found.push({ pid: Number(pid), command });
    } catch {
      // It ended while it was looked at, or belongs to somebody else.
    }
  }
  return found;
}
