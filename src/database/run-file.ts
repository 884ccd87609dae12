/** A SQL file → its statements sent one after the other; the first that fails is told with its place in the file. */
import pg from 'pg';
import { splitStatements } from '../bundle/split-statements.js';
import { SqlError } from '../errors.js';
import type { SqlFile } from '../model.js';
import { locateProblem } from './locate-problem.js';
import type { Session } from './with-session.js';

/** Returns the last statement's result, or null for a file without one. Throws a SqlError. */
export async function runFile(
  session: Session,
  file: SqlFile,
  { firstLine = 1 }: { firstLine?: number } = {},
): Promise<pg.QueryResult | null> {
  let result: pg.QueryResult | null = null;
  for (const statement of splitStatements(file.text)) {
    try {
      result = await session.query({ text: statement.text, types: asText });
    } catch (error: unknown) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      throw new SqlError(locateProblem(error, { file, statement, firstLine }), { cause: error });
    }
  }
  return result;
}

/** Values as Postgres writes them: what a bundle expects is compared with text, and a date must not lose microseconds. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };
