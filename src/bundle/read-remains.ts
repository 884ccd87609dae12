/** The folder of a bundle → its `remains.sql`, which shows what the fix leaves in an empty database, or null where there is none. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import type { SqlFile } from '../model.js';
import { readSqlFile } from './list-sql-files.js';

export async function readRemains(folder: string): Promise<SqlFile | null> {
  const name = 'remains.sql';
  const isThere = await lstat(path.join(folder, name)).then(
    () => true,
    () => false,
  );
  const problems: string[] = [];
  const file = isThere ? await readSqlFile(folder, name, problems) : null;
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return file;
}
