/** Runs the server process itself, and ends it without the courtesy that durable data would need. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeServerFailure } from '../processes/describe-server-failure.js';
import { spawnGroup } from '../processes/process-group.js';
import { rejectWhenDead } from '../processes/reject-when-dead.js';
import { runCommand } from '../processes/run-command.js';
import { getServerEnvironment } from '../processes/server-environment.js';
import { untilAborted } from '../until-aborted.js';
import type { NewServer } from './initialise-data.js';
import { JobFailure } from './job.js';

/** Postgres kills its own children 5 seconds after an immediate shutdown; it gets a little longer. */
const STOP_PATIENCE_MILLISECONDS = 7_000;

/** `died` never resolves: it rejects with the reason if the server ends by itself. */
export type PostmasterWork<T> = (died: Promise<never>) => Promise<T>;

export function withPostmaster<T>(
  server: NewServer,
  signal: AbortSignal,
  work: PostmasterWork<T>,
): Promise<T> {
  return process.platform === 'win32'
    ? withControlledPostmaster(server, signal, work)
    : withChildPostmaster(server, signal, work);
}

/** Spawned directly: a first query is answered after 30 ms, where pg_ctl takes 110. */
async function withChildPostmaster<T>(
  { binaries, account, data }: NewServer,
  signal: AbortSignal,
  work: PostmasterWork<T>,
): Promise<T> {
  signal.throwIfAborted();
  const options = { account, cwd: data, env: getServerEnvironment() };
  const postmaster = spawnGroup(join(binaries, 'postgres'), ['-D', data], options);
  const died = rejectWhenDead(postmaster, describeDeath);
  try {
    return await untilAborted(signal, () => Promise.race([work(died), died]));
  } finally {
    // SIGQUIT to the postmaster alone: its backends are in sessions of their own, and it ends them.
    await postmaster.stop({ signal: 'SIGQUIT', patienceMilliseconds: STOP_PATIENCE_MILLISECONDS });
  }
}

/** On Windows only pg_ctl can start a server for an administrator: it drops the rights that Postgres refuses to run with. */
async function withControlledPostmaster<T>(
  { binaries, data }: NewServer,
  signal: AbortSignal,
  work: PostmasterWork<T>,
): Promise<T> {
  const control = join(binaries, 'pg_ctl');
  const options = { cwd: data, env: getServerEnvironment() };
  const log = `${data}.log`;
  signal.throwIfAborted();
  try {
    // The server would inherit pipes and keep them open.
    const starting = { ...options, stdio: 'ignore' } as const;
    const { exitCode } = await runCommand(control, ['start', '-w', '-s', '-D', data, '-l', log], starting);
    if (exitCode !== 0) throw describeDeath(await readFile(log, 'utf8'));
    return await untilAborted(signal, () => work(new Promise(() => {})));
  } finally {
    await runCommand(control, ['stop', '-s', '-m', 'immediate', '-D', data], options);
  }
}

function describeDeath(log: string): JobFailure {
  return new JobFailure(describeServerFailure('postgres', log));
}
