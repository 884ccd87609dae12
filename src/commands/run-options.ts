/** What a command is told beside its settings. */
import type { OnCommit } from '../database/commit.js';
import type { DeploymentPlan, Progress } from '../model.js';

export interface RunOptions {
  readonly progress: Progress;
  /** Aborted when the run is to stop: the server is taken down, and what is under way fails with the signal's reason. */
  readonly signal: AbortSignal;
  /** Of somebody's database. */
  readonly onCommit?: OnCommit | undefined;
  /** Of a plan that passed: written once its report was told. */
  readonly onPlan?: ((plan: DeploymentPlan) => void) | undefined;
}
