/** A child process with all that it starts, so that both can be ended together. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendSignal } from './send-signal.js';
import type { ServerAccount } from './server-account.js';

export interface ProcessOptions {
  readonly account?: ServerAccount | null;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Without it what the process says can be read. */
  readonly stdio?: 'ignore';
}

export interface StopOptions {
  readonly signal: NodeJS.Signals;
  /** How long they may take before they are killed. */
  readonly patienceMilliseconds: number;
}

export interface ProcessGroup {
  readonly child: ChildProcess;
  /** Resolves with the child's exit code once it and all that hold its output are gone; rejects if it cannot be started. */
  readonly closed: Promise<number | null>;
  readonly stop: (options: StopOptions) => Promise<void>;
}

/** A killed process that nobody reaps (a container without an init) is not waited for longer than this. */
const REAPING_MILLISECONDS = 2_000;

export function spawnGroup(command: string, args: readonly string[], options: ProcessOptions): ProcessGroup {
  const child = spawn(command, args, {
    stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    cwd: options.cwd,
    env: options.env ?? process.env,
    ...(options.account && { uid: options.account.uid, gid: options.account.gid }),
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const isClosed = closed.then(
    () => true,
    () => true,
  );

  async function stop({ signal, patienceMilliseconds }: StopOptions): Promise<void> {
    if (child.pid === undefined) return;
    // A negative id names the group, as in kill(2); Windows has none.
    const group = process.platform === 'win32' ? child.pid : -child.pid;
    sendSignal(group, signal);
    if (await Promise.race([isClosed, sleep(patienceMilliseconds, false)])) return;
    sendSignal(group, 'SIGKILL');
    await Promise.race([isClosed, sleep(REAPING_MILLISECONDS)]);
  }

  return { child, closed, stop };
}
