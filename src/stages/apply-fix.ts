/** The fix in one transaction, together with the proofs that need its beginning and its end → kept, or as if it never was. */
import pRetry from 'p-retry';
import { withOwnersView } from '../database/owners-view.js';
import type { Session } from '../database/with-session.js';
import { withTransaction } from '../database/with-transaction.js';
import type {
  ApplyResult,
  Bundle,
  CheckResult,
  PreservationResult,
  RerunResult,
  Section,
  Skipped,
  StageName,
} from '../model.js';
import { type Applied, applySections, locksHeld, type OnNotice } from './apply-sections.js';
import { lockTables } from './lock-tables.js';
import { dropPrelude, makePrelude } from './prelude.js';
import { accountForRows, noteRows } from './preservation/preservation.js';
import { countQuarantine } from './preservation/quarantine.js';
import { rerunSections } from './rerun-sections.js';
import { runChecks } from './run-checks.js';
import { setSettings } from './set-settings.js';

export interface FixOptions {
  readonly sections: readonly Section[];
  /** Milliseconds a statement may wait for a lock before all is rolled back and tried again. */
  readonly lockTimeout: number;
  /** Milliseconds a statement may take. */
  readonly statementTimeout: number;
  readonly expectedQuarantine: number | null;
  readonly onNotice: OnNotice;
  readonly onStage: (stage: StageName) => void;
}

export interface FixResult {
  readonly apply: ApplyResult;
  readonly after: readonly CheckResult[] | Skipped;
  readonly preservation: PreservationResult | Skipped;
  readonly rerun: RerunResult | Skipped;
  readonly isKept: boolean;
}

/** What is found out before the transaction ends, and whether it may stay. */
interface Proofs extends Pick<FixResult, 'after' | 'preservation' | 'rerun'> {
  readonly applied: Applied;
}

/** Given all proofs: whether the transaction is committed. */
export type KeepWhen = (proofs: Pick<FixResult, 'after' | 'preservation' | 'rerun'>) => boolean;

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

export async function applyFix(
  session: Session,
  bundle: Bundle,
  options: FixOptions & { readonly rerunInside: boolean; readonly keepWhen: KeepWhen },
): Promise<FixResult> {
  const startedAt = performance.now();
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    const result = await attemptOnce(session, bundle, options);
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
  const endedAt = performance.now();
  const { applied, ...rest } = proofs;
  return {
    ...rest,
    isKept,
    apply: {
      outcome: applied.problem === null ? 'pass' : 'fail',
      attempts,
      sections: applied.sections,
      locks: locksHeld(applied.takenLocks, endedAt),
      problem: applied.problem,
      milliseconds: endedAt - startedAt,
    },
  };
}

class LockTrouble extends Error {}

async function attemptOnce(
  session: Session,
  bundle: Bundle,
  options: Parameters<typeof applyFix>[2],
): Promise<{ proofs: Proofs; isKept: boolean }> {
  try {
    const proofs = await withTransaction(session, async () => {
      const found = await applyAndProve(session, bundle, options);
      if (found.applied.problem !== null || !options.keepWhen(found)) throw new NotKept(found);
      return found;
    });
    return { proofs, isKept: true };
  } catch (error: unknown) {
    if (error instanceof NotKept) return { proofs: error.proofs, isKept: false };
    throw error;
  }
}

async function applyAndProve(
  session: Session,
  bundle: Bundle,
  options: Parameters<typeof applyFix>[2],
): Promise<Proofs> {
  const { sections, onStage } = options;
  onStage('apply');
  await session.query(
    "select pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true)",
    [String(options.lockTimeout), String(options.statementTimeout)],
  );
  await setSettings(session, bundle);
  const notBegun = (await makePrelude(session, bundle)) ?? (await lockTables(session, bundle.tables));
  if (notBegun !== null) return notApplied({ sections: [], takenLocks: [], problem: notBegun });
  const quarantineBefore = await countQuarantine(session, bundle);
  const unreadable = await withOwnersView(session, bundle.tables, () => noteRows(session, bundle));
  const applied = await applySections(session, sections, options.onNotice);
  if (applied.problem !== null) return notApplied(applied);

  onStage('checks after');
  const after = await runChecks(session, bundle);
  onStage('preservation');
  const preservation = await withOwnersView(session, bundle.tables, () =>
    accountForRows(session, bundle, quarantineBefore, {
      isWholeFix: sections.length === bundle.sections.length,
      expectedQuarantine: options.expectedQuarantine,
      unreadable,
    }),
  );
  let rerun: Proofs['rerun'] = { outcome: 'skipped', reason: 'not yet' };
  if (options.rerunInside) {
    onStage('re-run');
    rerun = await rerunSections(session, bundle, sections);
  }
  // What was aborted by a failed re-run is rolled back, prelude and all.
  const isAborted = rerun.outcome === 'fail' && rerun.problem !== null;
  const problem = isAborted ? null : await dropPrelude(session, bundle);
  return { applied: { ...applied, problem }, after, preservation, rerun };
}

function notApplied(applied: Applied): Proofs {
  const skipped: Skipped = { outcome: 'skipped', reason: 'the fix was not applied' };
  return { applied, after: skipped, preservation: skipped, rerun: skipped };
}
