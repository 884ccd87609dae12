/** What is rehearsed and the server's version → where a project says that its database has another major, a sentence each. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readMajor } from './list-supabase-project.js';

/** `given` are files, folders and addresses, as they were typed. */
export async function compareMajor(given: readonly string[], version: string): Promise<string[]> {
  const used = Number.parseInt(version, 10);
  const sentences: string[] = [];
  for (const typed of given) {
    const folder = [path.join(typed, 'supabase'), typed].find((one) =>
      existsSync(path.join(one, 'config.toml')),
    );
    const major = folder === undefined ? null : await readMajor(folder);
    if (folder === undefined || major === null || major === used) continue;
    sentences.push(
      `${path.join(folder, 'config.toml')} says major_version = ${major}, and this is Postgres ${used}: rehearse on yours with --postgres ${major} (postgres-version)`,
    );
  }
  return sentences;
}
