/** The folder of a bundle → complaints of what in it is called nearly as a part of it, and would be read by nothing. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { nearNames } from './near-names.js';

const parts = [
  'prelude',
  'prepare',
  'sections',
  'checks',
  'scenarios',
  'access',
  'verify',
  'reads',
  'states',
  'platforms',
].map((name) => ({ schema: null, name, written: name }));

/** Rules that nothing reads are rules that nothing proves. Other folders are nobody's business. */
export async function refuseMisnamed(folder: string, problems: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    if (parts.some((part) => part.name === name)) continue;
    const [near] = nearNames({ schema: null, name }, parts);
    if (near === undefined) continue;
    const inside = await readdir(path.join(folder, name));
    if (inside.some((file) => /^\d+_.*\.sql$|^setup\.sql$/.test(file))) {
      problems.push(`${name}/: is read by nothing; ${near}/ may be meant. Rename it, or take it away.`);
    }
  }
}
