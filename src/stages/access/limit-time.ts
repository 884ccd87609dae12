/** For the open transaction or savepoint: no statement takes longer than so many milliseconds. */
import { isDatabaseError } from '../../database/database-error.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { SqlError } from '../../errors.js';

export async function limitTime(session: Session, longest: number): Promise<void> {
  await session.query("select pg_catalog.set_config('statement_timeout', $1, true)", [String(longest)]);
}

/** So many milliseconds, or fewer where the run allows a statement no more. */
export async function allowedTime(session: Session, longest: number): Promise<number> {
  const { rows } = await session.query<{ allowed: string }>(
    `select least(nullif(s.setting::bigint, 0), $1::bigint) as allowed
     from pg_catalog.pg_settings as s where s.name = 'statement_timeout'`,
    [longest],
  );
  return Number(rows[0]?.allowed ?? longest);
}

/** What only reads → its answer; null where a statement of it took longer. */
export async function inTime<T>(
  session: Session,
  longest: number,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await withSavepointRollback(session, async () => {
      await limitTime(session, longest);
      return work();
    });
  } catch (error: unknown) {
    const state =
      error instanceof SqlError ? error.problem.sqlstate : isDatabaseError(error) ? error.code : null;
    if (state === canceled) return null;
    throw error;
  }
}

/** query_canceled */
export const canceled = '57014';

/** It took longer than it was allowed to. */
export const isCutShort = ({ sqlstate }: { readonly sqlstate: string }): boolean => sqlstate === canceled;
