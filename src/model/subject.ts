/** Everything that was found out about one database. */
import type { ApplyResult, RefusalResult, RerunResult } from './applying.js';
import type { ChangesResult } from './changes.js';
import type { CheckComparison, ScenariosResult } from './checks.js';
import type { ImpactResult } from './impact.js';
import type { LoadingResult } from './loading.js';
import type { PreflightResult } from './preflight.js';
import type { AccessResult } from './reach.js';
import type { RollbackResult } from './rollback.js';
import type { PreservationResult } from './rows.js';
import type { SqlProblem } from './sql.js';
import type { Skipped, Verdict } from './verdict.js';

/** Everything found out about one database: a state of the bundle, or the target. */
export interface SubjectResult {
  readonly kind: 'state' | 'target';
  readonly name: string;
  readonly title: string;
  readonly outcome: Verdict;
  /** Why it failed outside its stages: the state did not load, the connection was lost. */
  readonly problem: SqlProblem | null;
  readonly loading: LoadingResult | Skipped;
  readonly preflight: PreflightResult | Skipped;
  readonly checks: readonly CheckComparison[];
  readonly apply: ApplyResult | Skipped;
  readonly refusal: RefusalResult | Skipped;
  readonly scenarios: ScenariosResult | Skipped;
  readonly preservation: PreservationResult | Skipped;
  readonly access: AccessResult | Skipped;
  /** Of several states one tells it. */
  readonly changes: ChangesResult | Skipped;
  readonly rerun: RerunResult | Skipped;
  /** Of a state; absent in reports of older versions. */
  readonly rollback?: RollbackResult | Skipped | undefined;
  /** Of a rehearsal and a plan. */
  readonly impact?: ImpactResult | undefined;
  /** Of a target: whether it was changed. `unknown`: the connection was lost at the commit, and nobody could be asked. */
  readonly committed?: 'yes' | 'no' | 'unknown' | undefined;
  readonly milliseconds: number;
}
