/** What the fix left in temporary schemas → gone before the proofs, as it goes when the session ends; what would go along forbids it. */
import { some } from '../counted.js';
import { isDatabaseError } from '../database/database-error.js';
import { engineSql } from '../database/engine-sql.js';
import type { Session } from '../database/with-session.js';
import { describeProblem } from '../errors.js';
import type { SqlProblem } from '../model.js';

interface Temporary {
  readonly id: string;
  readonly statement: string;
}

/** Before the fix: what is there is the engine's. */
export async function noteTemporary(session: Session): Promise<ReadonlySet<string>> {
  return new Set((await listTemporary(session)).map(({ id }) => id));
}

/** Returns what hangs on it outside, or cannot be dropped, or null. */
export async function endTemporary(session: Session, known: ReadonlySet<string>): Promise<SqlProblem | null> {
  const { rows } = await session.query<{ name: string }>(engineSql('temporary_dependents'));
  if (rows.length > 0) return sayDependents(rows.map(({ name }) => name));
  for (const { id, statement } of await listTemporary(session)) {
    if (known.has(id)) continue;
    try {
      await session.query(statement);
    } catch (error: unknown) {
      if (!isDatabaseError(error)) throw error;
      return sayInUse(statement, error.message);
    }
  }
  return null;
}

async function listTemporary(session: Session): Promise<Temporary[]> {
  const { rows } = await session.query<Temporary>(engineSql('temporary_objects'));
  return rows;
}

function sayDependents(names: readonly string[]): SqlProblem {
  return describeProblem({
    path: 'the end of the fix',
    // dependent_objects_still_exist
    sqlstate: '2BP01',
    message: `When the session ends its temporary objects are dropped, and with them what depends on them: ${some(names, 20)}.`,
    advice: 'Make what it depends on in a schema that stays, not in pg_temp.',
  });
}

function sayInUse(statement: string, why: string): SqlProblem {
  return describeProblem({
    path: 'the end of the fix',
    // object_in_use
    sqlstate: '55006',
    message: `What the fix left in pg_temp is dropped before anything is proven, and cannot be: ${statement}: ${why}.`,
    advice: 'Drop it at the end of the section that makes it.',
  });
}
