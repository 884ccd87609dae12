/** Paths stay within what the user pointed to, links followed: a pull request cannot have a file of the machine read as its own. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';

/**
 * A path that the user gave, from the working directory. One that leads out of it is refused unless it is absolute: then the
 * user says so. `input` is the input's name.
 */
export async function resolveGiven(given: string, input: string): Promise<string> {
  const resolved = path.resolve(given);
  if (path.isAbsolute(given) || (await isWithin([process.cwd()], resolved))) return resolved;
  throw new UserError(
    `${input}: ${given} leads out of the working directory ${process.cwd()}. Give it as an absolute path if that is meant.`,
  );
}

/** Throws where a file that is named in `folder`, or a link to it, lies outside of it and of the working directory. */
export async function assertConfined(file: string, folder: string, shown: string): Promise<void> {
  if (await isWithin([folder, process.cwd()], file)) return;
  throw new UserError(
    `${shown}: leads out of the folder that names it and out of the working directory. Put the file itself there.`,
  );
}

/** What is not there leads nowhere: whoever reads it says so. */
async function isWithin(folders: readonly string[], file: string): Promise<boolean> {
  const found = await realpath(file).catch(() => null);
  if (found === null) return true;
  const roots = await Promise.all(folders.map((folder) => realpath(folder)));
  return roots.some((root) => !path.relative(root, found).split(path.sep).includes('..'));
}
