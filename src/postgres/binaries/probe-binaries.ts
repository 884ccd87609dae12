/** Asks a folder of binaries what it is, by running them as the account that is to run the server. */
import { join } from 'node:path';
import { parseMajor } from '../majors.js';
import { describeServerFailure } from '../processes/describe-server-failure.js';
import { runCommand } from '../processes/run-command.js';
import type { ServerAccount } from '../processes/server-account.js';
import { getServerEnvironment } from '../processes/server-environment.js';

export type BinariesProbe =
  | { readonly outcome: 'usable'; readonly version: string; readonly major: number }
  /** They are there, but this account cannot reach them. */
  | { readonly outcome: 'unreachable'; readonly reason: string }
  | { readonly outcome: 'unusable'; readonly reason: string };

/** Both programs are run: each needs libraries that the other does not. */
export async function probeBinaries(folder: string, account: ServerAccount | null): Promise<BinariesProbe> {
  const probes = await Promise.all(
    ['postgres', 'initdb'].map((program) => probeProgram(folder, program, account)),
  );
  const [server] = probes;
  return probes.find(({ outcome }) => outcome !== 'usable') ?? (server as BinariesProbe);
}

async function probeProgram(
  folder: string,
  program: string,
  account: ServerAccount | null,
): Promise<BinariesProbe> {
  try {
    const { exitCode, stdout, stderr } = await runCommand(join(folder, program), ['--version'], {
      account,
      cwd: '/',
      env: getServerEnvironment(),
    });
    const version = /\(PostgreSQL\) (\S+)/.exec(stdout)?.[1];
    const major = version === undefined ? null : parseMajor(version);
    if (exitCode === 0 && version !== undefined && major !== null)
      return { outcome: 'usable', version, major };
    return { outcome: 'unusable', reason: describeServerFailure(join(folder, program), stderr || stdout) };
  } catch (error: unknown) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' && account !== null) {
      return {
        outcome: 'unreachable',
        reason: `${folder} cannot be entered by ${account.name}, as whom a server is run`,
      };
    }
    if (code === 'ENOENT')
      return { outcome: 'unusable', reason: `${folder} has no ${program} that runs here` };
    return { outcome: 'unusable', reason: `${join(folder, program)}: ${message}` };
  }
}
