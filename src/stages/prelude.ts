/** The bundle's prelude in the open transaction: facts and tools in a schema of their own, there while the fix runs. */
import { engineSql } from '../database/engine-sql.js';
import { takeBack } from '../database/own-session.js';
import { runFile } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type { Bundle, SqlFile, SqlProblem } from '../model.js';

/**
 * Returns what went wrong, or null; the caller then rolls the transaction back. A bundle without a
 * prelude needs no schema.
 */
export async function makePrelude(session: Session, { prelude }: Bundle): Promise<SqlProblem | null> {
  return prelude.length === 0 ? null : runFiles(session, [engineFile('make_prelude'), ...prelude]);
}

/** Before the proofs, which see what remains. Refuses where something of that depends on the prelude. */
export async function dropPrelude(session: Session, { prelude }: Bundle): Promise<SqlProblem | null> {
  return prelude.length === 0 ? null : runFiles(session, [engineFile('drop_prelude')]);
}

function engineFile(name: 'make_prelude' | 'drop_prelude'): SqlFile {
  return { path: `sql/engine/${name}.sql`, text: engineSql(name) };
}

async function runFiles(session: Session, files: readonly SqlFile[]): Promise<SqlProblem | null> {
  try {
    for (const file of files) {
      await takeBack(session);
      await withSavepoint(session, () => runFile(session, file));
    }
    return null;
  } catch (error: unknown) {
    if (!(error instanceof SqlError)) throw error;
    return error.problem;
  }
}
