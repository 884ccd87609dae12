/** The fix and its proofs in one transaction, begun again where a lock could not be had → kept, or as if it never was. */
import pRetry from 'p-retry';
import type { Session } from '../database/with-session.js';
import { withTransaction } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type { ApplyResult, Bundle, SqlProblem } from '../model.js';
import { locksHeld } from './apply-sections.js';
import { RowsNotNoted } from './preservation/compare-database.js';
import { type FixOptions, type Proofs, proveFix } from './prove-fix.js';

/** Given all proofs: whether the transaction is committed. */
export type KeepWhen = (proofs: FixProofs) => boolean;

export interface ApplyOptions extends FixOptions {
  readonly keepWhen: KeepWhen;
  /** Done last where the transaction is to be committed. */
  readonly beforeCommit: () => Promise<void>;
}

/** What was found out, with the fix's own result in the form of the report. */
export type FixProofs = Omit<Proofs, 'applied' | 'triedOutFor'> & { readonly apply: ApplyResult };

export interface FixResult {
  readonly proofs: FixProofs;
  readonly isKept: boolean;
}

/** How often the fix is begun again when a lock could not be had: pauses of 0.5 to 8 s, so some 20 s in all. */
const lockRetries = 5;
/** lock_not_available and deadlock_detected: somebody else was there first, so another try may succeed. */
const lockTrouble = ['55P03', '40P01'];

/** Ends the transaction by an exception: everything is rolled back, and what was found out is kept. */
class NotKept extends Error {
  constructor(readonly proofs: Proofs) {
    super('the fix is not kept');
  }
}

class LockTrouble extends Error {}

export async function applyFix(
  session: Session,
  bundle: Bundle,
  { keepWhen, ...options }: ApplyOptions,
): Promise<FixResult> {
  const startedAt = performance.now();
  let attempts = 0;
  const settle = ({ applied, triedOutFor, ...proofs }: Proofs): FixProofs => {
    const endedAt = performance.now();
    const outcome = applied.problem === null ? 'pass' : 'fail';
    const locks = locksHeld(applied.takenLocks, endedAt - triedOutFor);
    const { sections, problem } = applied;
    const milliseconds = endedAt - startedAt;
    return { ...proofs, apply: { outcome, attempts, sections, locks, problem, milliseconds } };
  };
  const written = new Set<string>();
  const attempt = async (): Promise<{ proofs: Proofs; isKept: boolean }> => {
    attempts += 1;
    const result = await attemptOnce(session, bundle, {
      ...options,
      written,
      keepWhen: (found) => keepWhen(settle(found)),
    }).catch((error: unknown) => {
      if (!(error instanceof RowsNotNoted)) throw error;
      for (const table of error.tables) written.add(table);
      return null;
    });
    if (result === null) return attempt();
    if (lockTrouble.includes(result.proofs.applied.problem?.sqlstate ?? '') && attempts <= lockRetries) {
      throw new LockTrouble();
    }
    return result;
  };
  const { proofs, isKept } = await pRetry(attempt, {
    retries: lockRetries,
    minTimeout: 500,
    maxTimeout: 8000,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof LockTrouble,
  });
  return { proofs: settle(proofs), isKept };
}

async function attemptOnce(
  session: Session,
  bundle: Bundle,
  {
    keepWhen,
    beforeCommit,
    ...options
  }: Omit<ApplyOptions, 'keepWhen'> & { readonly keepWhen: (proofs: Proofs) => boolean },
): Promise<{ proofs: Proofs; isKept: boolean }> {
  let found: Proofs | null = null;
  try {
    const proofs = await withTransaction(session, async () => {
      found = await proveFix(session, bundle, options);
      if (!keepWhen(found)) throw new NotKept(found);
      await beforeCommit();
      return found;
    });
    return { proofs, isKept: true };
  } catch (error: unknown) {
    if (error instanceof NotKept) return { proofs: error.proofs, isKept: false };
    if (!(error instanceof SqlError) || found === null) throw error;
    // Refused at the commit itself, which then has rolled back.
    return { proofs: notKept(found, error.problem), isKept: false };
  }
}

function notKept(proofs: Proofs, problem: SqlProblem): Proofs {
  return { ...proofs, applied: { ...proofs.applied, problem } };
}
