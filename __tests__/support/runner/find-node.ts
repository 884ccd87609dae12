/** A Node of each version that the action must run on: this one, and the others as npm packages, fetched once. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * Not among the dependencies: the package's `node` would come before everybody's own on the path of every npm script,
 * and the tests would no longer run on the version that they were started with.
 */
const versions = { 20: '20.20.2', 24: '24.21.0' } as const;

type NodeMajor = keyof typeof versions;

const notes = path.resolve(import.meta.dirname, '../../../node_modules/.cache/schema-fix-action');

/** The executable of the version that `action.yml` says: what does not depend on Node is tried on this one alone. */
export const runnersNode = await findNode(24);

/** Each version with its executable. */
export const nodes: readonly [NodeMajor, string][] = [
  [20, await findNode(20)],
  [24, runnersNode],
];

async function findNode(major: NodeMajor): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) {
    return process.execPath;
  }
  const note = path.join(notes, `node-${versions[major]}`);
  // Asking npm takes longer than most tests.
  const noted = await readFile(note, 'utf8').catch(() => '');
  if (existsSync(noted)) return noted;
  const found = await askNpm(major);
  await mkdir(notes, { recursive: true });
  await writeFile(note, found);
  return found;
}

async function askNpm(major: NodeMajor): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const packageName = `node-${platform}-${process.arch}@${versions[major]}`;
  const { stdout } = await promisify(execFile)(
    'npm',
    ['exec', '--yes', `--package=${packageName}`, '--', 'node', '--print', 'process.execPath'],
    { shell: process.platform === 'win32' },
  );
  return stdout.trim();
}
