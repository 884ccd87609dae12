/** Runs a command to its end and gives what it said; if the signal is aborted it is ended with all that it started. */
import { type ProcessOptions, spawnGroup } from './process-group.js';

export interface CommandOptions extends ProcessOptions {
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PATIENCE_MILLISECONDS = 2_000;

/** Resolves whatever the exit code; throws if the command cannot be started or the signal is aborted. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  const { child, closed, stop } = spawnGroup(command, args, options);
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk;
  });
  const onAbort = () => void stop({ signal: 'SIGTERM', patienceMilliseconds: PATIENCE_MILLISECONDS });
  signal?.addEventListener('abort', onAbort);
  try {
    const exitCode = await closed;
    signal?.throwIfAborted();
    return { exitCode, ...output };
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
