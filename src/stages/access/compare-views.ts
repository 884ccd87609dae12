/** Views that hide rows by a condition, before and after → which newly let their readers' own conditions see those rows, a sentence each. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { type Declared, isNamedIn } from '../preservation/declared-names.js';

/** One that reads with its owner's rights and has no barrier, and a role that may read it. */
export interface OpenView {
  readonly name: string;
  readonly role: string;
  /** Whether a table with row level security stands behind it. */
  readonly isOverGuarded: boolean;
}

export async function listViews(session: Session, roles: readonly string[]): Promise<OpenView[]> {
  const { rows } = await session.query<OpenView>(engineSql('access_views'), [roles]);
  return rows;
}

export interface Views {
  readonly before: readonly OpenView[];
  readonly after: readonly OpenView[];
  readonly declared: Declared;
}

/**
 * Postgres asks the cheap condition first: one that fails tells in its error what a row holds, whoever may see it. One that did so
 * before goes on, whatever it says now: it may be made again for a column that has another name or type.
 */
export function compareViews({ before, after, declared }: Views): string[] {
  const isKnown = (now: OpenView) => before.some((then) => then.name === now.name && then.role === now.role);
  const opened = after.filter(
    (one) => one.isOverGuarded && !isKnown(one) && !isNamedIn(declared, `view ${one.name}`),
  );
  return [...new Set(opened.map(({ name }) => name))].map((name) => {
    const readers = opened.filter((one) => one.name === name).map(({ role }) => role);
    return `${readers.join(' and ')} may read ${name}, which reads with its owner's rights and hides rows by a condition: a condition of theirs may be asked before it, and tell of rows that it hides. Make it with (security_barrier) or (security_invoker), or declare view ${name} under changes of bundle.yml`;
  });
}
