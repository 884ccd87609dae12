/** Old functions, statement by statement, as Postgres parses them when it comes by: what it could read before the fix, and cannot any more. */
import { createHash } from 'node:crypto';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { RowDifference } from '../../model.js';
import { type Attempt, type Routine, writeAttempts } from './write-attempts.js';

/** Names of statements that Postgres could read. */
export type Readable = ReadonlySet<string>;

interface Options {
  /** Whether statements are planned, too, which calls functions that say of themselves that they change nothing. */
  readonly plans: boolean;
}

export async function noteReadable(session: Session, options: Options): Promise<Readable> {
  const attempts = await readAttempts(session, options);
  const answers = await tryAll(session, attempts);
  return new Set(attempts.flatMap(({ key }, index) => (answers[index] === null ? [key] : [])));
}

/** A lock that is not to be had, a cancelled statement, and what the deployer alone may not see, say nothing of the function. */
const saysNothing = /^(55P03|57|40|42501)/;

export async function findUnreadable(
  session: Session,
  before: Readable,
  options: Options,
): Promise<RowDifference[]> {
  const attempts = (await readAttempts(session, options)).filter(({ key }) => before.has(key));
  const answers = await tryAll(session, attempts);
  const found = new Map<string, Set<string>>();
  for (const [index, { name }] of attempts.entries()) {
    const answer = answers[index] ?? null;
    if (answer === null || saysNothing.test(answer)) continue;
    const own = found.get(name) ?? new Set();
    found.set(name, own.add(`an error: ${tellProblem(answer)}`));
  }
  return [...found].map(([name, columns]) => ({
    word: 'means something else',
    table: `function ${name}`,
    key: null,
    columns: [...columns],
  }));
}

/** What is wrong with a value may hold the value. */
const tellProblem = (answer: string): string =>
  answer.startsWith('42') ? answer.slice(6) : `a constant that is none of its type (${answer.slice(0, 5)})`;

interface Named extends Attempt {
  readonly key: string;
  readonly name: string;
}

async function readAttempts(session: Session, { plans }: Options): Promise<Named[]> {
  const { rows } = await session.query<Routine>(engineSql('functions'));
  return rows.flatMap((routine) => {
    const { name, signature, body, result } = routine;
    const own = createHash('md5')
      .update(JSON.stringify([signature, routine.arguments, result, body]))
      .digest('hex');
    return writeAttempts(routine)
      .filter((attempt) => plans || !attempt.isPlanned)
      .map((attempt) => ({ ...attempt, name, key: `${own} ${attempt.label}` }));
  });
}

/** What Postgres says against each, or null. */
async function tryAll(session: Session, attempts: readonly Attempt[]): Promise<(string | null)[]> {
  if (attempts.length === 0) return [];
  return withSavepointRollback(session, async () => {
    await session.query(engineSql('make_attempts'));
    const { rows } = await session.query<{ answer: string | null }>(
      'select a as answer from pg_temp.schema_fix_attempts($1::pg_catalog.jsonb) as a',
      [JSON.stringify(attempts.map(({ path, statements }) => ({ path, statements })))],
    );
    return rows.map(({ answer }) => answer);
  });
}
