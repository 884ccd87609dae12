/** What the attempts to roll a deployment back have in common: what they are given, what comes of them, and the fix applied once more. */
import { isDatabaseError, isLostConnection, isServerTrouble } from '../../database/database-error.js';
import type { Session } from '../../database/with-session.js';
import { SqlError, TransactionEnded } from '../../errors.js';
import type {
  Bundle,
  CheckComparison,
  RollbackResult,
  Section,
  Skipped,
  SqlProblem,
  TargetIdentity,
  TriedRollback,
} from '../../model.js';
import type { AccessNotes } from '../access/access.js';
import { describeEnding } from '../describe-ending.js';
import type { Limits } from '../limit-waiting.js';
import { applyAgain } from '../rerun-sections.js';
import { runChecks } from '../run-checks.js';
import { countFound, type Untouched } from './fingerprint-rows.js';
import type { Look } from './look-at-all.js';

export interface Deployed extends Limits {
  readonly identity: TargetIdentity;
  readonly sections: readonly Section[];
  /** Before the deployment. */
  readonly first: Look;
  readonly reach: AccessNotes | null;
  /** What the checks said of the deployment. */
  readonly checks: readonly CheckComparison[];
}

export interface Attempt<Tried = TriedRollback> {
  readonly tried: Tried;
  readonly again: Again | null;
}

type Again = Exclude<RollbackResult['again'], Skipped>;

/** Of which nothing came yet. */
export const nothing: TriedRollback = {
  refused: [],
  chosen: [],
  kept: [],
  differing: [],
  rows: { before: 0, returned: 0 },
  since: { written: 0, kept: 0 },
  problem: null,
};

/** Those of the start that nobody has changed since, and how many are there. */
export function rowsOf({ rows: first, more }: Untouched, now: Look): TriedRollback['rows'] {
  const before = [...first.values()].reduce((sum, { rows }) => sum + rows, 0);
  const returned = countFound(first, now.rows);
  return { before: Math.max(returned, before - more), returned };
}

/** A part of the fix is not blamed for what it did not repair the first time. */
export async function applyOnceMore(
  session: Session,
  bundle: Bundle,
  { sections, checks }: Deployed,
  tried: TriedRollback,
): Promise<Attempt> {
  const passed = checks.flatMap(({ after }, place) => (after.outcome === 'pass' ? [place] : []));
  const problem = await applyAgain(session, bundle, sections);
  const again = problem === null ? await runChecks(session, bundle) : [];
  return {
    tried: { ...tried, problem },
    again: {
      passed: passed.filter((place) => again[place]?.outcome === 'pass').length,
      planned: passed.length,
    },
  };
}

/** What goes wrong with it is found out about the rollback, and breaks nothing else off. */
export async function orProblem<Tried>(
  work: () => Promise<Attempt<Tried>>,
): Promise<Attempt<Tried | TriedRollback>> {
  try {
    return await work();
  } catch (error: unknown) {
    const problem = toProblem(error);
    if (problem === null) throw error;
    return { tried: { ...nothing, problem }, again: null };
  }
}

function toProblem(error: unknown): SqlProblem | null {
  if (error instanceof SqlError || error instanceof TransactionEnded) return error.problem;
  const isOver = isLostConnection(error) || (isDatabaseError(error) && isServerTrouble(error));
  return isOver ? null : describeEnding(error, 'the rollback');
}
