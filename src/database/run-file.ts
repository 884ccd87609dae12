/** A SQL file → its statements sent one behind the other; the first that fails is told with its place in the file. */
import pg from 'pg';
import { type Statement, splitStatements } from '../bundle/split-statements.js';
import { SqlError } from '../errors.js';
import type { SqlFile } from '../model.js';
import { locateProblem, placeOf } from './locate-problem.js';
import { oneStatement } from './one-statement.js';
import { sendInARow } from './send-in-a-row.js';
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
  const statements = statementsOf(file);
  let result: pg.QueryResult | null = null;
  // Without a transaction the statements behind one that failed would be carried out.
  for (const row of isWatched ? inRows(statements) : statements.map((statement) => [statement])) {
    const answers = await sendInARow(session, row.map(toQuery));
    for (const [index, statement] of row.entries()) {
      result = answerOf(answers[index], { file, statement, firstLine });
    }
    const last = row.at(-1);
    // The session is where the last of them has left it; those before it are such as end nothing.
    if (isWatched && last !== undefined && result !== null && endsTransaction(session, result)) {
      throw transactionEnded(placeOf(file, last, firstLine));
    }
  }
  return result;
}

/**
 * All of the files, one behind the other, each after what `before` says; within a transaction, where all of their statements are plain.
 * Returns whether that was done. Where it was not the transaction may be aborted, and nobody knows by which statement.
 */
export async function runInARow(
  session: Session,
  files: readonly SqlFile[],
  before: string,
): Promise<boolean> {
  const statements = files.map(statementsOf);
  const arePlain = statements.flat().every(({ text }) => isPlain.test(text));
  if (!arePlain || session.getTransactionStatus() !== 'T') return false;
  const queries = statements.flatMap((ofFile) => [{ text: before }, ...ofFile.map(toQuery)]);
  for (let sent = 0; sent < queries.length; sent += most) {
    const answers = await sendInARow(session, queries.slice(sent, sent + most));
    if (answers.some(({ status }) => status === 'rejected')) return false;
  }
  return true;
}

/** A file of a bundle is run many times in a rehearsal. */
const known = new WeakMap<SqlFile, readonly Statement[]>();

function statementsOf(file: SqlFile): readonly Statement[] {
  const statements = known.get(file) ?? splitStatements(file.text);
  known.set(file, statements);
  return statements;
}

/**
 * What begins so can neither end a transaction nor return to a savepoint: the server reads this word first, and takes no second
 * statement in a message. All others are waited for, one at a time, so that nothing is carried out behind them that should not
 * be. What one of these sets, the next goes by: the server takes each as it comes to it.
 */
const isPlain =
  /^(alter|comment|create|delete|do|drop|grant|insert|lock|revoke|select|table|truncate|update|with)\b/i;

/** As many as are kept in memory together with their answers. */
const most = 100;

function inRows(statements: readonly Statement[]): Statement[][] {
  const rows: Statement[][] = [];
  for (const statement of statements) {
    const row = rows.at(-1);
    const joins =
      row !== undefined &&
      row.length < most &&
      [...row.slice(-1), statement].every(({ text }) => isPlain.test(text));
    if (joins) row.push(statement);
    else rows.push([statement]);
  }
  return rows;
}

function toQuery({ text }: Statement): pg.QueryConfig {
  // What was split wrongly cannot hide a second one.
  return { ...oneStatement(text), types: asText };
}

function answerOf(
  answer: PromiseSettledResult<pg.QueryResult> | undefined,
  { file, statement, firstLine }: { file: SqlFile; statement: Statement; firstLine: number },
): pg.QueryResult {
  if (answer?.status === 'fulfilled') return answer.value;
  const error: unknown = answer?.reason;
  if (!(error instanceof pg.DatabaseError)) throw error;
  throw new SqlError(locateProblem(error, { file, statement, firstLine }), {
    cause: error,
    statement: statement.text,
  });
}

/** Values as Postgres writes them: what a bundle expects is compared with text, and a date must not lose microseconds. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };
