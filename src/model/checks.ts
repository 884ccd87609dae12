/** What checks and scenarios found, before the fix and after it. */
import type { SqlProblem } from './sql.js';
import type { Skipped, Verdict } from './verdict.js';

export interface Assertion {
  readonly object: string;
  readonly expected: string;
  readonly actual: string;
  readonly outcome: Verdict;
}

export interface CheckResult {
  readonly outcome: Verdict;
  readonly assertions: readonly Assertion[];
  /** Why it failed as a whole, beside the assertions that failed: it returned no row, say. */
  readonly reason: string | null;
  readonly problem: SqlProblem | null;
}

export interface CheckComparison {
  readonly number: number;
  readonly title: string;
  readonly path: string;
  readonly before: CheckResult | Skipped;
  readonly after: CheckResult | Skipped;
}

export interface StepResult {
  readonly title: string;
  readonly actor: string;
  readonly line: number;
  readonly outcome: Verdict | 'skipped';
  readonly expected: string;
  readonly actual: string;
  /** The status that the data API would answer, where the statement was refused. */
  readonly httpStatus: number | null;
  readonly problem: SqlProblem | null;
}

export interface ScenarioResult {
  readonly number: number;
  readonly title: string;
  readonly path: string;
  readonly outcome: Verdict;
  readonly steps: readonly StepResult[];
  /** Why it failed before or beside its steps: the actor bypasses row level security, the setup failed. */
  readonly reason: string | null;
}

export interface ScenariosResult {
  readonly outcome: Verdict;
  readonly scenarios: readonly ScenarioResult[];
}

/** Checks and scenarios, tried where there is nothing that they could look at. */
export interface ControlsResult {
  readonly planned: number;
  readonly executed: number;
  /** Those that passed all the same, by number and title. */
  readonly blind: readonly string[];
  /** The file and line that ended the session there, so that the rest could not be tried, with what Postgres said. */
  readonly endedBy?: string | undefined;
}
