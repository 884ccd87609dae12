/** A file too long for one → the files of the folder that bears its name, in order, each with a title of its own. */
import type { SqlFile } from '../model.js';
import { listFolders, listSqlFiles, type NumberedFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';

export interface FileWithParts extends NumberedFile {
  readonly parts: readonly SqlFile[];
}

/** The files of a folder, each with its parts; a folder there that bears the name of none of them is a problem. `one` is what such a file is. */
export async function listWithParts(
  bundle: string,
  folder: string,
  one: string,
  problems: string[],
): Promise<FileWithParts[]> {
  const files: FileWithParts[] = [];
  for (const file of await listSqlFiles(bundle, folder, problems)) {
    files.push({ ...file, parts: await readParts(bundle, `${folder}/${file.name}`, problems) });
  }
  for (const name of await listFolders(bundle, folder)) {
    if (files.some((file) => file.name === name)) continue;
    problems.push(
      `${folder}/${name}/: belongs to no ${one}. Add ${folder}/${name}.sql, which runs before it.`,
    );
  }
  return files;
}

/** `parts` is the folder's path from `root`; a folder that is not there has no files. */
export async function readParts(root: string, parts: string, problems: string[]): Promise<SqlFile[]> {
  const files = await listSqlFiles(root, parts, problems);
  for (const { file } of files) {
    titleOf(file, indexHeaders(file, readHeaders(file, problems), ['Title', 'Remains'], problems), problems);
  }
  return files.map(({ file }) => file);
}
