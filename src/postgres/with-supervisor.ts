/** Starts a supervisor for one job, lends its result to the work, and has everything cleaned up before it returns. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, parse } from 'node:path';
import { createInterface } from 'node:readline';
import { getSupervisorScript } from '../action-root.js';
import type { Answer, Job, JobResults } from './jobs/job.js';
import { listSearchFolders } from './processes/search-path.js';
import { CannotServe } from './server.js';
import { untilAborted } from './until-aborted.js';

/** Throws `CannotServe` where the job fails, and the signal's reason as soon as it is aborted. */
export async function withSupervisor<Kind extends Job['kind'], T>(
  job: Extract<Job, { kind: Kind }>,
  signal: AbortSignal,
  work: (result: JobResults[Kind]) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const supervisor = spawnSupervisor();
  const ended = new Promise<void>((resolve) => supervisor.once('close', () => resolve()));
  try {
    supervisor.stdin?.write(`${JSON.stringify(job)}\n`);
    const answer = await untilAborted(signal, () => readAnswer<JobResults[Kind]>(supervisor));
    if (answer.kind === 'failed') throw new CannotServe(answer.reason);
    return await untilAborted(signal, () => work(answer.result));
  } finally {
    supervisor.stdin?.end();
    await ended;
  }
}

/** In a session of its own: Ctrl-C reaches us, not it, and it cleans up once we are done or dead. */
function spawnSupervisor(): ChildProcess {
  const script = getSupervisorScript();
  if (!existsSync(script)) throw new Error(`${script} is missing; run \`npm run build\``);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const supervisor = spawn(process.execPath, [script], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: parse(process.cwd()).root,
    env: { ...env, PATH: listSearchFolders().join(delimiter) },
  });
  supervisor.stdin?.on('error', () => undefined); // It died; that it closed its output without an answer says so.
  return supervisor;
}

function readAnswer<Result>(supervisor: ChildProcess): Promise<Answer<Result>> {
  const { stdout } = supervisor;
  if (stdout === null) throw new Error('the supervisor has no stdout');
  return new Promise((resolve, reject) => {
    let complaint = '';
    supervisor.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk;
    });
    supervisor.once('error', reject);
    supervisor.once('close', () =>
      reject(new Error(`the supervisor of the server died: ${complaint.trim()}`)),
    );
    createInterface({ input: stdout }).once('line', (line) => resolve(JSON.parse(line)));
  });
}
