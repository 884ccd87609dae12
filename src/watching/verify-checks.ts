/** Checks of a bundle, and its queries beside them → what each says of a database, within a time limit for each. */
import type { Session } from '../database/with-session.js';
import type { Check, CheckResult } from '../model.js';
import { limitWaiting } from '../stages/limit-waiting.js';
import { runChecks } from '../stages/run-checks.js';
import type { VerifiedCheck, VerifiedRow } from '../watched.js';

/** Who only looks waits for nobody for long. Milliseconds. */
const lockTimeout = 2000;

/** query_canceled, lock_not_available and insufficient_privilege: it was not found out. */
const unfinished: Readonly<Record<string, string>> = {
  '57014': 'it was not finished within the time limit',
  '55P03': 'a table was locked by somebody else',
  '42501': 'this role may not read what it asks',
};

/** How a check says that the role cannot see what it counts. */
const unseen = /may not read|hidden from this role/;

/** Must be called within a transaction. */
export async function verifyChecks(
  session: Session,
  checks: readonly Check[],
  { timeLimit, showsAll }: { readonly timeLimit: number; readonly showsAll: boolean },
): Promise<VerifiedCheck[]> {
  const verified: VerifiedCheck[] = [];
  await limitWaiting(session, { lockTimeout, statementTimeout: timeLimit });
  for (const check of checks) {
    const startedAt = performance.now();
    const [result] = (await runChecks(session, { checks: [check] })) as [CheckResult];
    verified.push({
      title: `${check.number} ${check.title}`,
      ...judge(result, showsAll),
      milliseconds: performance.now() - startedAt,
    });
  }
  await limitWaiting(session, { lockTimeout, statementTimeout: 0 });
  return verified;
}

/** What Postgres quotes of rows in an error is left out; its SQLSTATE and what we say of it are not. */
function judge(
  { outcome, assertions, reason, problem }: CheckResult,
  showsAll: boolean,
): Omit<VerifiedCheck, 'title' | 'milliseconds'> {
  const rows = assertions.map(
    ({ outcome: found, ...row }): VerifiedRow => ({
      ...row,
      outcome: found === 'fail' && unseen.test(row.actual) ? 'not proven' : found,
    }),
  );
  const failed = rows.filter((row) => row.outcome !== 'pass');
  const isUnseen = failed.length > 0 && failed.every((row) => row.outcome === 'not proven');
  const told = problem === null ? null : unfinished[problem.sqlstate];
  return {
    outcome: outcome === 'pass' ? 'pass' : told != null || isUnseen ? 'not proven' : 'fail',
    assertions: rows.length,
    rows: showsAll ? rows : failed,
    reason: told ?? (problem === null ? reason : `${reason} (SQLSTATE ${problem.sqlstate})`),
  };
}
