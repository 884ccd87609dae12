/** A file too long for one → the files of the folder that bears its name, in order, each with a title of its own. */
import type { SqlFile } from '../model.js';
import { listSqlFiles } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';

/** `parts` is the folder's path from `root`; a folder that is not there has no files. */
export async function readParts(root: string, parts: string, problems: string[]): Promise<SqlFile[]> {
  const files = await listSqlFiles(root, parts, problems);
  for (const { file } of files) {
    titleOf(file, indexHeaders(file, readHeaders(file, problems), ['Title', 'Remains'], problems), problems);
  }
  return files.map(({ file }) => file);
}
