/** The command line as somebody would call it: a process of its own, from the built `lib`, in one piece. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { triesEverything } from './some-of.js';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Made by global-setup.js. */
export const cliPath = path.resolve(import.meta.dirname, '../../lib/bundled/cli.js');

/** Rolling each deployment back takes half of the time more, and says nothing to a test that does not ask for it. */
function withoutRollback(words: readonly string[]): readonly string[] {
  return words[0] === 'rehearse' && !words.includes('--rollback') ? [...words, '--rollback', 'false'] : words;
}

export function runCli(
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<CliResult> {
  // Variables of libpq that happen to be set would give the tests a password that nobody typed.
  const { PGPASSWORD: _, ...own } = process.env;
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...own, NODE_OPTIONS: '', ...environment },
      timeout: triesEverything ? 300_000 : 50_000,
    };
    execFile(process.execPath, [cliPath, ...withoutRollback(words)], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else reject(error);
    });
  });
}
