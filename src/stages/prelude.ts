/** The bundle's prelude in the open transaction: facts and tools in a schema of their own, there while the fix runs. */
import { engineSql } from '../database/engine-sql.js';
import { ownAgain } from '../database/own-session.js';
import { runInARow } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { runOwnFiles } from '../database/with-transaction.js';
import { describeProblem, SqlError } from '../errors.js';
import type { Bundle, SqlFile, SqlProblem } from '../model.js';

/**
 * Returns what went wrong, or null; the caller then rolls the transaction back. A bundle without a
 * prelude needs no schema.
 */
export async function makePrelude(session: Session, { prelude }: Bundle): Promise<SqlProblem | null> {
  return prelude.length === 0
    ? refuseSchema(session)
    : runFiles(session, [engineFile('make_prelude'), ...prelude]);
}

/** Before the proofs, which see what remains. Refuses where something of that depends on the prelude. */
export async function dropPrelude(session: Session, { prelude }: Bundle): Promise<SqlProblem | null> {
  return prelude.length === 0 ? refuseSchema(session) : runFiles(session, [engineFile('drop_prelude')]);
}

/** What is in a schema of the prelude's name is no part of what is compared. */
async function refuseSchema(session: Session): Promise<SqlProblem | null> {
  const { rows } = await session.query<{ is_there: boolean }>(
    "select pg_catalog.to_regnamespace('schema_fix') is not null as is_there",
  );
  if (!rows[0]?.is_there) return null;
  return describeProblem({
    path: 'the schema schema_fix',
    // duplicate_schema
    sqlstate: '42P06',
    message:
      'The schema schema_fix is there, which belongs to the engine while a fix runs and is not looked into.',
    advice:
      'Call the schema otherwise. Tools of the fix are files of prelude/, for which the engine makes and drops the schema.',
  });
}

function engineFile(name: 'make_prelude' | 'drop_prelude'): SqlFile {
  return { path: `sql/engine/${name}.sql`, text: engineSql(name) };
}

async function runFiles(session: Session, files: readonly SqlFile[]): Promise<SqlProblem | null> {
  if (files.length > 1 && (await runAtOnce(session, files))) return null;
  try {
    await runOwnFiles(session, files);
    return null;
  } catch (error: unknown) {
    if (!(error instanceof SqlError)) throw error;
    return error.problem;
  }
}

/** A prelude has many files, and an answer to each takes longer than most of them. What fails is undone: one at a time then tells which. */
async function runAtOnce(session: Session, files: readonly SqlFile[]): Promise<boolean> {
  await session.query('savepoint prelude');
  const isDone = await runInARow(session, files, ownAgain);
  if (!isDone) await session.query('rollback to savepoint prelude');
  await session.query('release savepoint prelude');
  return isDone;
}
