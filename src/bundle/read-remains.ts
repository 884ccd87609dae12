/** The folder of a bundle → its `remains.sql`, which shows what the fix leaves in an empty database, or null where there is none. */
import { UserError } from '../errors.js';
import type { SqlFile } from '../model.js';
import { readSqlFileIfThere } from './list-sql-files.js';

export async function readRemains(folder: string): Promise<SqlFile | null> {
  const problems: string[] = [];
  const file = await readSqlFileIfThere(folder, 'remains.sql', problems);
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return file;
}
