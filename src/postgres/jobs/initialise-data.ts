/** Runs initdb for a throwaway server and writes its settings. */
import { appendFile, chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeServerFailure } from '../processes/describe-server-failure.js';
import { type CommandResult, runCommand } from '../processes/run-command.js';
import type { ServerAccount } from '../processes/server-account.js';
import { getServerEnvironment } from '../processes/server-environment.js';
import { JobFailure } from './job.js';
import { renderServerSettings, type ServerAddress } from './server-settings.js';

export interface NewServer {
  readonly binaries: string;
  readonly major: number;
  readonly account: ServerAccount | null;
  readonly data: string;
  readonly address: ServerAddress;
  readonly superuser: { readonly name: string; readonly password: string };
}

export async function initialiseData(server: NewServer, signal: AbortSignal): Promise<void> {
  const { data, account } = server;
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, server.superuser.password, { mode: 0o600 });
  if (account !== null) await chown(passwordFile, account.uid, account.gid);
  const result = await runInitdb(server, passwordFile, signal);
  if (result.exitCode !== 0)
    throw new JobFailure(describeServerFailure('initdb', result.stderr || result.stdout));
  await rm(passwordFile);
  await appendFile(join(data, 'postgresql.conf'), renderServerSettings(server.address));
}

async function runInitdb(
  { binaries, major, account, data, superuser }: NewServer,
  passwordFile: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  const args = [
    ...['--pgdata', data, '--username', superuser.name, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--no-sync', '--no-instructions'],
  ];
  const options = { account, cwd: data, env: getServerEnvironment(), signal };
  const initdb = join(binaries, 'initdb');
  const result = await runCommand(initdb, [...args, ...getLocaleArguments(major)], options);
  if (!/invalid locale name/.test(result.stderr)) return result;
  return runCommand(initdb, [...args, '--locale', 'C'], options);
}

/** Sorts by code point and knows the case of every letter, on every machine that can (glibc and musl have C.UTF-8). */
function getLocaleArguments(major: number): string[] {
  return major >= 17
    ? ['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8']
    : ['--locale', 'C', '--lc-ctype', 'C.UTF-8'];
}
