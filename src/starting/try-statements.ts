/** Statements → those that a database took, and what it said of the others. */
import { isDatabaseError } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';
import { mayAskHost } from '../loading/ask-host.js';
import { isRun } from '../loading/is-run.js';
import { readHostCall } from '../loading/read-host-call.js';

export interface Tried {
  readonly kept: readonly string[];
  readonly refused: readonly Refused[];
}

export interface Refused {
  readonly statement: string;
  readonly message: string;
}

/** In the open transaction; what only a superuser may run is asked of the host, where there is one. */
export async function tryStatements(session: Session, statements: readonly string[]): Promise<Tried> {
  const kept: string[] = [];
  const refused: Refused[] = [];
  for (const statement of statements) {
    try {
      await withSavepoint(session, () => session.query(statement));
      kept.push(statement);
    } catch (error: unknown) {
      if (!isDatabaseError(error)) throw error;
      if (await isRunByHost(session, statement, error)) kept.push(statement);
      else refused.push({ statement, message: error.message });
    }
  }
  return { kept, refused };
}

async function isRunByHost(
  session: Session,
  statement: string,
  { code }: { readonly code?: string | undefined },
): Promise<boolean> {
  const call = code === '42501' && mayAskHost.test(statement) ? readHostCall(statement) : null;
  return call !== null && isRun(() => withSavepoint(session, () => session.query(call)));
}

/** In whatever order they are taken: what was refused is tried again, until nothing more is taken. */
export async function tryInAnyOrder(session: Session, statements: readonly string[]): Promise<Tried> {
  let tried = await tryStatements(session, statements);
  let kept = tried.kept;
  while (tried.kept.length > 0 && tried.refused.length > 0) {
    tried = await tryStatements(
      session,
      tried.refused.map(({ statement }) => statement),
    );
    kept = [...kept, ...tried.kept];
  }
  return { kept, refused: tried.refused };
}

/** By the beginning of its first line. */
export function sayRefused({ statement, message }: Refused): string {
  return `${statement.split('\n')[0]?.slice(0, 120)}: ${message}`;
}
