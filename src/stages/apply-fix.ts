/** The fix and its proofs in one transaction, begun again where a lock could not be had → kept, or as if it never was. */
import pRetry from 'p-retry';
import { isPassing, isPassingState } from '../database/database-error.js';
import { type LockHolder, readLockHolders } from '../database/lock-holders.js';
import type { Session } from '../database/with-session.js';
import { withReading, withTransaction } from '../database/with-transaction.js';
import { CommitUnknown, SqlError } from '../errors.js';
import type { ApplyResult, Bundle, SqlProblem } from '../model.js';
import { locksHeld } from './apply-sections.js';
import type { FixOptions } from './fix-options.js';
import { sayHolder } from './inspect-target.js';
import { RowsNotNoted } from './preservation/compare-database.js';
import { type Proofs, proveFix } from './prove-fix.js';
import { isRaisedByFix, recogniseFix } from './withhold-content.js';

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
  readonly committed: Committed;
}

export type Committed = 'yes' | 'no' | 'unknown';

interface Attempt {
  readonly proofs: Proofs;
  readonly committed: Committed;
}

/** How often the fix is begun again when somebody was in the way: pauses of 0.5 to 8 s. On a target for a minute and more. */
const retries = { rehearsal: 5, target: 12 } as const;

/** Ends the transaction by an exception: everything is rolled back, and what was found out is kept. */
class NotKept extends Error {
  constructor(readonly proofs: Proofs) {
    super('the fix is not kept');
  }
}

/** Of a statement that says what its author took for granted: no decision is asked for. */
const assertFailure = 'P0004';

class InTheWay extends Error {}

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
    const { sections, problem, foundNoTable = false } = applied;
    const milliseconds = endedAt - startedAt;
    const isRefusal =
      problem !== null &&
      problem.sqlstate !== assertFailure &&
      isRaisedByFix(problem.raisedBy ?? [], recogniseFix(bundle));
    return {
      ...proofs,
      apply: {
        outcome,
        attempts,
        ...(isRefusal ? { isRefusal } : {}),
        ...(foundNoTable ? { foundNoTable } : {}),
        sections,
        locks,
        problem,
        milliseconds,
      },
    };
  };
  const written = new Set<string>();
  const most = retries[options.place];
  let firstLock = options.guards?.firstLock ?? null;
  const attempt = async (): Promise<Attempt> => {
    attempts += 1;
    const result = await attemptOnce(session, bundle, {
      ...options,
      guards: options.guards === null ? null : { ...options.guards, firstLock },
      written,
      keepWhen: (found) => keepWhen(settle(found)),
    }).catch((error: unknown) => {
      if (error instanceof RowsNotNoted) {
        for (const table of error.tables) written.add(table);
        return null;
      }
      if (!isPassing(error) || attempts > most) throw error;
      return 'in the way' as const;
    });
    if (result === null) return attempt();
    if (result !== 'in the way') {
      const isInTheWay = isPassingState(result.proofs.applied.problem?.sqlstate);
      if (!isInTheWay || attempts > most) return result;
    }
    if (options.guards !== null) firstLock = await lookWho(session, bundle, options, attempts);
    throw new InTheWay();
  };
  const { proofs, committed } = await pRetry(attempt, {
    retries: most,
    minTimeout: 500,
    maxTimeout: 8000,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof InTheWay,
  });
  return { proofs: settle(proofs), committed };
}

async function attemptOnce(
  session: Session,
  bundle: Bundle,
  {
    keepWhen,
    beforeCommit,
    ...options
  }: Omit<ApplyOptions, 'keepWhen'> & { readonly keepWhen: (proofs: Proofs) => boolean },
): Promise<Attempt> {
  let found: Proofs | null = null;
  try {
    const proofs = await withTransaction(
      session,
      async () => {
        found = await proveFix(session, bundle, options);
        if (!keepWhen(found)) throw new NotKept(found);
        await beforeCommit();
        return found;
      },
      options.guards?.keeping,
    );
    return { proofs, committed: 'yes' };
  } catch (error: unknown) {
    if (error instanceof NotKept) return { proofs: error.proofs, committed: 'no' };
    if (!(error instanceof SqlError) || found === null) throw error;
    // At the commit itself: refused, which then has rolled back, or without an answer from anybody.
    const committed = error instanceof CommitUnknown ? 'unknown' : 'no';
    return { proofs: notKept(found, error.problem), committed };
  }
}

/**
 * Tells who is in the way, between two tries. Autovacuum gives way only to who has waited for `deadlock_timeout`: for it alone
 * the next try is longer.
 */
async function lookWho(
  session: Session,
  bundle: Bundle,
  { guards, lockTimeout, onWait }: FixOptions,
  attempt: number,
): Promise<{ readonly milliseconds: number } | null> {
  const holders = await withReading(session, () => readLockHolders(session, bundle.tables));
  const who = holders.length === 0 ? 'somebody who is done by now' : holders.map(sayHolderAndAge).join('; ');
  onWait(
    `Try ${attempt} ended: the tables are locked by ${who}. The application goes on; next try after a pause.`,
  );
  if (guards === null || !holders.some(({ kind }) => kind === 'autovacuum worker'))
    return guards?.firstLock ?? null;
  const { rows } = await session.query<{ patience: number }>(
    "select setting::int as patience from pg_catalog.pg_settings where name = 'deadlock_timeout'",
  );
  return { milliseconds: Math.min(lockTimeout, (rows[0]?.patience ?? 1000) + 500) };
}

function sayHolderAndAge(holder: LockHolder): string {
  return holder.seconds === null
    ? sayHolder(holder)
    : `${sayHolder(holder)}, whose transaction has gone on for ${holder.seconds} s`;
}

function notKept(proofs: Proofs, problem: SqlProblem): Proofs {
  return { ...proofs, applied: { ...proofs.applied, problem } };
}
