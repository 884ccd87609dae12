/**
 * A process of its own that does one job for a run and ends with it: it reads the job as a line of stdin, answers with a
 * line on stdout, and cleans up when stdin ends, which the system sees to even if the run is killed with SIGKILL.
 */
import { createInterface } from 'node:readline';
import { type Answer, type Job, JobFailure } from './jobs/job.js';
import { runJob } from './jobs/run-job.js';
import { addAdvice } from './processes/describe-server-failure.js';

const ending = new AbortController();
const end = () => ending.abort();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
process.stdout.on('error', end); // Nobody listens any more.
const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => void supervise(JSON.parse(line)));
lines.once('close', end);

async function supervise(job: Job): Promise<void> {
  try {
    await runJob(job, { signal: ending.signal, answer: (result) => void send({ kind: 'ready', result }) });
  } catch (error: unknown) {
    if (!ending.signal.aborted) await send({ kind: 'failed', reason: describe(error) });
  }
  process.exit();
}

function send(answer: Answer<unknown>): Promise<unknown> {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(answer)}\n`, resolve));
}

/** System errors (a full disk, a missing program) say enough by themselves; a stack is kept for what must be a bug. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof JobFailure) return error.message;
  return 'code' in error ? addAdvice(error.message) : (error.stack ?? error.message);
}
