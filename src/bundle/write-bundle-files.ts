/** The files of a bundle → a folder that held nothing. */
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { renderManifestSchema } from './manifest-schema.js';

/** Throws a UserError rather than write over anything. */
export async function claimFolder(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(`folder: ${folder} is no folder. Name one that is empty, or not there yet.`, {
      cause: error,
    });
  });
  if (there.length > 0) {
    throw new UserError(`folder: ${folder} is not empty (${there[0]}). Name one that is, or not there yet.`);
  }
}

/** `files` are by name; the schema that an editor completes the manifest by goes with them. Returns all, from `folder`, which was claimed. */
export async function writeBundleFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<string[]> {
  const all = new Map([...files, ['bundle.schema.json', renderManifestSchema()]]);
  for (const [name, text] of all) {
    const file = path.join(folder, name);
    try {
      await makeFolder(path.dirname(file));
      await writeFile(file, text);
    } catch (error: unknown) {
      const { message } = error as NodeJS.ErrnoException;
      throw new UserError(`folder: ${file} cannot be written (${message}). Name a folder that can be made.`, {
        exitCode: 3,
        cause: error,
      });
    }
  }
  return [...all.keys()].sort();
}
