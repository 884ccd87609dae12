/**
 * Fetches one package from npm, with whatever registry, proxy and credentials the machine's npm is set up with, and believes it
 * only where its SHA-512 is the one that this repository holds.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMBEDDED_DIGESTS } from '../embedded-digests.js';
import { type CommandResult, runCommand } from '../processes/run-command.js';
import { findNpm } from './find-npm.js';
import { JobFailure } from './job.js';

export interface PackageDestination {
  /** An empty folder to work in. */
  readonly into: string;
  /** What the package's own folder is then called; on the same file system. */
  readonly as: string;
  readonly signal: AbortSignal;
}

/** What the largest of the packages takes, unpacked, with some to spare. */
const ROOM_BYTES = 150 * 1024 ** 2;
const ROOM_LEFT_BYTES = 1024 ** 2;

/** No script of the package is run, and nothing of it is unpacked before it was verified. */
export async function fetchPackage(
  { packageName, version }: { readonly packageName: string; readonly version: string },
  { into, as, signal }: PackageDestination,
): Promise<void> {
  const name = `${packageName}@${version}`;
  const digest = EMBEDDED_DIGESTS.get(name);
  if (digest === undefined)
    throw new JobFailure(`${name} is not published, or not known to this version of the action`);
  const project = join(into, 'fetch');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  const npm = await findNpm();
  const runNpm = async (args: readonly string[]) => {
    const result = await runCommand(npm.command, [...npm.args, ...args, ...quietly], {
      cwd: project,
      signal,
    });
    if (result.exitCode !== 0) throw new JobFailure(describeNpmFailure(name, result));
  };
  await assertRoom(into, ROOM_BYTES);
  await runNpm(['pack', name]);
  const archive = await verifyArchive({ name, digest, folder: project });
  await runNpm([
    'install',
    archive,
    '--prefix',
    '.',
    '--ignore-scripts',
    '--no-save',
    '--no-package-lock',
    '--force',
  ]);
  // npm does not notice that what it unpacks is not written to a full disk.
  await assertRoom(into, ROOM_LEFT_BYTES);
  await rename(join(project, 'node_modules', packageName), as);
}

const quietly = [
  ...['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel', 'error'],
  // npm's own patience with a network that is not there is more than a minute.
  ...['--fetch-retries', '2', '--fetch-retry-mintimeout', '1000', '--fetch-retry-maxtimeout', '5000'],
];

/** The path of the one archive in the folder. */
async function verifyArchive({
  name,
  digest,
  folder,
}: Readonly<Record<'name' | 'digest' | 'folder', string>>): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  if (files.length !== 1)
    throw new JobFailure(`npm pack ${name} made ${files.length} archives instead of one`);
  const archive = join(folder, files[0] as string);
  const actual = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (actual !== digest) {
    throw new JobFailure(
      `${name} is not what it should be: its SHA-512 is ${actual}, and this version of the action expects ${digest}. Nothing of it was run; look at the registry and the proxy that npm is set up with.`,
    );
  }
  return archive;
}

async function assertRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new JobFailure(
    `the disk of ${folder} is full: fetching Postgres takes ${ROOM_BYTES / 1024 ** 2} MB. Free some space, or point SCHEMA_FIX_CACHE to where there is some.`,
  );
}

const CAUSES: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED/,
    reason:
      'the npm registry cannot be reached; is this machine offline, or behind a proxy that npm does not know?',
  },
  { pattern: /ENOSPC/, reason: 'the disk is full; the package needs about 60 MB' },
  { pattern: /EBADPLATFORM/, reason: 'npm says that it is not for this platform' },
  { pattern: /E404|ETARGET/, reason: 'the registry that npm is set up with does not have it' },
  { pattern: /E401|E403/, reason: 'the registry that npm is set up with refuses it' },
];

export function describeNpmFailure(name: string, { stdout, stderr }: CommandResult): string {
  const output = `${stderr}\n${stdout}`;
  const cause = CAUSES.find(({ pattern }) => pattern.test(output));
  const said = output
    .split('\n')
    .filter((line) => line.startsWith('npm error') && !line.includes('complete log'));
  return `${name} could not be fetched: ${cause?.reason ?? said.slice(0, 5).join('; ')}`;
}
