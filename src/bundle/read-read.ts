/** A file of `reads/` → what the application asks for, to be timed; it has to be one statement that returns rows. */
import type { Read } from '../model.js';
import type { NumberedFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';
import { firstWord, splitStatements } from './split-statements.js';

export function readRead({ number, file }: NumberedFile, problems: string[]): Read {
  const statements = splitStatements(file.text);
  const [statement] = statements;
  if (statements.length !== 1 || !['select', 'with', 'values'].includes(firstWord(statement?.text ?? ''))) {
    problems.push(`${file.path}: a read is one statement that begins with select, with or values.`);
  }
  const title = titleOf(file, indexHeaders(file, readHeaders(file, problems), ['Title'], problems), problems);
  return { number, title, file };
}
