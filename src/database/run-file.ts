/** A SQL file → its statements sent one after the other; the first that fails is told with its place in the file. */
import pg from 'pg';
import { type Statement, splitStatements } from '../bundle/split-statements.js';
import { SqlError } from '../errors.js';
import type { SqlFile } from '../model.js';
import { locateProblem, placeOf } from './locate-problem.js';
import { endsTransaction, transactionEnded } from './watch-transaction.js';
import type { Session } from './with-session.js';

/**
 * Returns the last statement's result, or null for a file without one. Throws a SqlError; or TransactionEnded where a statement
 * has ended the transaction that was open.
 */
export async function runFile(
  session: Session,
  file: SqlFile,
  { firstLine = 1 }: { firstLine?: number } = {},
): Promise<pg.QueryResult | null> {
  const isWatched = session.getTransactionStatus() === 'T';
  let result: pg.QueryResult | null = null;
  for (const statement of splitStatements(file.text)) {
    result = await runStatement(session, file, statement, firstLine);
    if (isWatched && endsTransaction(session, result)) {
      throw transactionEnded(placeOf(file, statement, firstLine));
    }
  }
  return result;
}

async function runStatement(
  session: Session,
  file: SqlFile,
  statement: Statement,
  firstLine: number,
): Promise<pg.QueryResult> {
  try {
    const query: pg.QueryConfig & { queryMode: string } = {
      text: statement.text,
      types: asText,
      // The server refuses two statements in one: what was split wrongly cannot hide a second one.
      queryMode: 'extended',
    };
    return await session.query(query);
  } catch (error: unknown) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new SqlError(locateProblem(error, { file, statement, firstLine }), {
      cause: error,
      statement: statement.text,
    });
  }
}

/** Values as Postgres writes them: what a bundle expects is compared with text, and a date must not lose microseconds. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };
