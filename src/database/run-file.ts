/** SQL files → their statements sent one behind the other, and SQL of ours around them; what fails is told with its place in the file. */
import pg from 'pg';
import { type Statement, splitStatements } from '../bundle/split-statements.js';
import { SqlError } from '../errors.js';
import type { SqlFile } from '../model.js';
import { locateProblem, placeOf } from './locate-problem.js';
import { oneStatement } from './one-statement.js';
import { sendInARow } from './send-in-a-row.js';
import { anywhere, endsTransaction, transactionEnded } from './watch-transaction.js';
import type { Session } from './with-session.js';

/** `firstLine` is where `file.text` begins in the file on disk. */
export interface FilePart {
  readonly file: SqlFile;
  readonly firstLine?: number;
}

export type Query = pg.QueryConfig;
export type Answer = pg.QueryResult;

/** SQL of ours is one message, also of several statements, and neither begins nor ends a transaction. */
export type Part = string | Query | FilePart;

/** The answer to a part's last statement, null for a file without one; or why it failed, of a file a SqlError. */
export type PartEnd = { readonly answer: pg.QueryResult | null } | { readonly error: unknown };

/**
 * Returns the last statement's result, or null for a file without one. Throws a SqlError; or TransactionEnded where a statement
 * has ended the transaction that was open.
 */
export async function runFile(
  session: Session,
  file: SqlFile,
  { firstLine = 1 }: { firstLine?: number } = {},
): Promise<pg.QueryResult | null> {
  const [end] = await runTogether(session, [{ file, firstLine }]);
  return answerOf(end);
}

/** Throws why the part failed. */
export function answerOf(end: PartEnd | undefined): pg.QueryResult | null {
  if (end === undefined) return null;
  if ('error' in end) throw end.error;
  return end.answer;
}

/**
 * Within a transaction as few answers are waited for as can be: each takes its way, from a server that is far away. Of a file
 * nothing is carried out behind a statement that failed, and of the parts behind it only what follows one of ours that returns to a
 * savepoint. Throws TransactionEnded as `runFile` does.
 */
export async function runTogether(session: Session, parts: readonly Part[]): Promise<PartEnd[]> {
  const isWatched = session.getTransactionStatus() !== 'I';
  const items = parts.flatMap(toItems);
  const ends = parts.map((): PartEnd => ({ answer: null }));
  const hasFailed = (part: number) => 'error' in (ends[part] as PartEnd);
  let first: PartEnd | null = null;
  // Without a transaction the statements behind one that failed would be carried out.
  for (const row of isWatched ? inRows(items) : items.map((item) => [item])) {
    const isLeft = first !== null && (!isWatched || (isAborted(session) && !row.every(mayJoin)));
    if (isLeft) for (const { part } of row) ends[part] = first as PartEnd;
    const sent = row.filter(({ part }) => !hasFailed(part));
    const answers = await sendInARow(
      session,
      sent.map(({ query }) => query),
    );
    for (const [index, item] of sent.entries()) {
      const end = endOf(answers[index] as PromiseSettledResult<pg.QueryResult>, item);
      if (!hasFailed(item.part)) ends[item.part] = end;
      if ('error' in end) first ??= end;
    }
    if (isWatched) assertStillIn(session, sent, answers);
  }
  return ends;
}

/** The same of parts that belong together, whose ends come as they were given. */
export async function runGroups<G extends readonly Part[]>(
  session: Session,
  groups: readonly G[],
): Promise<{ -readonly [K in keyof G]: PartEnd }[]> {
  const ends = await runTogether(
    session,
    groups.flatMap((group) => [...group]),
  );
  return groups.map((group) => ends.splice(0, group.length)) as { -readonly [K in keyof G]: PartEnd }[];
}

/** A message, and what it is of. */
interface Item {
  readonly part: number;
  readonly query: pg.QueryConfig;
  /** null: ours. */
  readonly of: (Required<FilePart> & { readonly statement: Statement }) | null;
}

function toItems(part: Part, index: number): Item[] {
  if (typeof part === 'string') return [{ part: index, query: { text: part }, of: null }];
  if (!('file' in part)) return [{ part: index, query: part, of: null }];
  const { file, firstLine = 1 } = part;
  return statementsOf(file).map((statement) => ({
    part: index,
    query: toQuery(statement),
    of: { file, firstLine, statement },
  }));
}

const isAborted = (session: Session): boolean => session.getTransactionStatus() === 'E';

/** The session is where the last has left it; those before it are such as end nothing. */
function assertStillIn(
  session: Session,
  sent: readonly Item[],
  answers: readonly PromiseSettledResult<pg.QueryResult>[],
): void {
  const { of = null } = sent.at(-1) ?? {};
  const answer = answers.at(-1);
  const isOver =
    session.getTransactionStatus() === 'I' ||
    (of !== null && answer?.status === 'fulfilled' && endsTransaction(session, answer.value));
  if (!isOver) return;
  const last = sent.findLast((item) => item.of !== null)?.of ?? null;
  throw transactionEnded(last === null ? anywhere : placeOf(last.file, last.statement, last.firstLine));
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

const mayJoin = ({ of }: Item): boolean => of === null || isPlain.test(of.statement.text);

/** As many as are kept in memory together with their answers. */
const most = 100;

function inRows(items: readonly Item[]): Item[][] {
  const rows: Item[][] = [];
  for (const item of items) {
    const row = rows.at(-1);
    const joins = row !== undefined && row.length < most && [...row.slice(-1), item].every(mayJoin);
    if (joins) row.push(item);
    else rows.push([item]);
  }
  return rows;
}

function toQuery({ text }: Statement): pg.QueryConfig {
  // What was split wrongly cannot hide a second one.
  return { ...oneStatement(text), types: asText };
}

function endOf(answer: PromiseSettledResult<pg.QueryResult>, { of }: Item): PartEnd {
  if (answer.status === 'fulfilled') return { answer: answer.value };
  const error: unknown = answer.reason;
  if (of === null || !(error instanceof pg.DatabaseError)) return { error };
  return { error: new SqlError(locateProblem(error, of), { cause: error, statement: of.statement.text }) };
}

/** Values as Postgres writes them: what a bundle expects is compared with text, and a date must not lose microseconds. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };
