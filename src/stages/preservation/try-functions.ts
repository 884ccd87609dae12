/** Functions, statement by statement, as Postgres parses them when it comes by: what it could read before the fix, and cannot any more, and what it cannot read of those that the fix made. */
import { createHash } from 'node:crypto';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { RowDifference } from '../../model.js';
import { type Attempt, type Routine, writeAttempts } from './write-attempts.js';

/** Names of statements. */
export interface Readable {
  readonly could: ReadonlySet<string>;
  /** Without what the function takes, which a type may lend another name. */
  readonly couldNot: ReadonlySet<string>;
}

interface Options {
  /** Whether statements are planned, too, which calls functions that say of themselves that they change nothing. */
  readonly plans: boolean;
}

export async function noteReadable(session: Session, options: Options): Promise<Readable> {
  const attempts = await readAttempts(session, options);
  const answers = await tryAll(session, attempts);
  const isRead = (_: Named, index: number) => answers[index] === null;
  return {
    could: new Set(attempts.filter(isRead).map(({ key }) => key)),
    couldNot: new Set(attempts.filter((one, index) => !isRead(one, index)).map(({ statement }) => statement)),
  };
}

/** A lock that is not to be had, a cancelled statement, and what the deployer alone may not see, say nothing of the function. */
const saysNothing = /^(55P03|57|40|42501)/;

export interface Unreadable {
  /** As they were. */
  readonly old: readonly RowDifference[];
  /** What the fix made, replaced or put on another table: nothing that it does instead is meant. */
  readonly made: readonly RowDifference[];
}

export async function findUnreadable(
  session: Session,
  before: Readable,
  options: Options,
): Promise<Unreadable> {
  const attempts = (await readAttempts(session, options)).filter(
    ({ key, statement }) => before.could.has(key) || !before.couldNot.has(statement),
  );
  const answers = await tryAll(session, attempts);
  const readElsewhere = new Set(
    attempts.filter((_, index) => answers[index] === null).map(({ anywhere }) => anywhere),
  );
  const [old, made] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  for (const [index, attempt] of attempts.entries()) {
    const { name, key, anywhere, routine } = attempt;
    const answer = answers[index] ?? null;
    if (answer === null || saysNothing.test(answer)) continue;
    const wasThere = before.could.has(key);
    if (!wasThere && (mayBeMistaken(routine, answer) || (asksWhere(routine) && readElsewhere.has(anywhere))))
      continue;
    const found = wasThere ? old : made;
    found.set(name, (found.get(name) ?? new Set()).add(tellProblem(answer)));
  }
  return {
    old: tellAll('means something else', old, 'an error: '),
    made: tellAll('raises an error', made),
  };
}

const tellAll = (
  word: RowDifference['word'],
  problems: ReadonlyMap<string, ReadonlySet<string>>,
  lead = '',
): RowDifference[] =>
  [...problems].map(([name, own]) => ({
    word,
    table: `function ${name}`,
    key: null,
    columns: [...own].map((problem) => `${lead}${problem}`),
  }));

/** Which statements a trigger's function comes to, it may decide by the table. */
const asksWhere = ({ body }: Routine): boolean =>
  /\btg_(table_name|table_schema|relname|relid|name|argv)\b/i.test(body);

/** Of what never was read, also what the engine takes otherwise than PL/pgSQL does. */
function mayBeMistaken({ language, body }: Routine, answer: string): boolean {
  // A class of its own: what is no name, no type and no constant.
  if (!/^(42|22|3F)/.test(answer)) return true;
  if (language === 'sql') return false;
  // Syntax, and what a function in SQL may take, Postgres or nobody has asked when it was made.
  if (/^(42601|42P13)/.test(answer)) return true;
  // A table that it makes first.
  if (/^(42P01|3F000)/.test(answer) && /\bcreate\b[^;]*\btable\b/i.test(body)) return true;
  const [, missing] = /^42P01 .*"(.*)"/.exec(answer) ?? [];
  const labels = [...body.matchAll(/<<\s*"?(.*?)"?\s*>>/g)].map(([, label]) => label?.toLowerCase());
  return labels.includes(missing?.toLowerCase()) || /#variable_conflict\s+use_variable/i.test(body);
}

/** What is wrong with a value may hold the value. */
function tellProblem(answer: string): string {
  if (!/^(42|3F)/.test(answer)) return `a constant that is none of its type (${answer.slice(0, 5)})`;
  // A variable is no table, and Postgres says of one what it says of tables.
  return answer
    .slice(6)
    .replace(
      /^missing FROM-clause entry for table ("(new|old)")$/,
      'a row that a trigger gives it lacks a column that it reads of $1',
    );
}

interface Named extends Attempt {
  readonly name: string;
  readonly routine: Routine;
  readonly key: string;
  readonly statement: string;
  /** Whatever table its trigger is on. */
  readonly anywhere: string;
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
      .map((attempt) => ({
        ...attempt,
        name,
        routine,
        key: `${own} ${attempt.label}`,
        statement: `${name} ${attempt.label} ${body}`,
        anywhere: `${own} ${attempt.place}`,
      }));
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
