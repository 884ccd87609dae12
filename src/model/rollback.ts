/** What a rollback would come to. */
import type { SqlProblem } from './sql.js';
import type { Skipped, Verdict } from './verdict.js';

/** One rollback that was tried, and undone. */
export interface TriedRollback {
  /** What it says is in the way before it does anything; empty: it returned. */
  readonly refused: readonly string[];
  /** What its user has to choose, as options of the command line. */
  readonly chosen: readonly string[];
  /** What is not exactly as it was and cannot be, or stays of the deployment: a sentence each, its own. */
  readonly kept: readonly string[];
  /** Definitions, tables and people's reach that are not what they were, and that it did not say. */
  readonly differing: readonly string[];
  /** Rows of before the deployment, and how many of them are there again as they were. */
  readonly rows: { readonly before: number; readonly returned: number };
  /** Rows that the application wrote in between, and how many of them are there. */
  readonly since: { readonly written: number; readonly kept: number };
  /** Something that went wrong at the rollback, or when the fix was applied again. */
  readonly problem: SqlProblem | null;
}

/** What a rollback would come to, found out on a database of our own. */
export interface RollbackResult {
  /** `refused`: it says itself, before it does anything, that it cannot return. */
  readonly outcome: Verdict | 'refused';
  /** Right after the deployment. */
  readonly plain: TriedRollback;
  /** After the application was used in between. */
  readonly used: TriedRollback | Skipped;
  /** Definitions of the database as it was, each of which was compared. */
  readonly definitions: number;
  /** Who was tried as before the deployment and after the rollback. */
  readonly people: number;
  /** Checks that pass when the fix is applied once more, and those that passed the first time. */
  readonly again: { readonly passed: number; readonly planned: number } | Skipped;
}
