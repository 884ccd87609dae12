/** Promises that never resolve: they end a wait with the reason why it is in vain. */
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

/** Rejects with the signal's reason, at once if it is aborted already. */
export function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
