/** Ends a wait for a process that has died. */
import type { ProcessGroup } from './process-group.js';

/** Enough of the end of a log to say why a server died. */
const LOG_CHARACTERS = 10_000;

/** Rejects with what the process said, made into an error, or with the reason why it could not be started. */
export async function rejectWhenDead(
  { child, closed }: ProcessGroup,
  describe: (log: string) => Error,
): Promise<never> {
  let log = '';
  const keep = (chunk: Buffer) => {
    log = (log + chunk).slice(-LOG_CHARACTERS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  await closed;
  throw describe(log);
}
