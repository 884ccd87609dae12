/** Settings → the work, told on the terminal while it is done, and its report. The same for the action and the command line. */
import type { OnCommit } from './database/commit.js';
import { afterFate } from './database/telling-fate.js';
import type { DeploymentPlan, Progress, Report } from './model.js';
import { systemClock } from './publish/clock.js';
import { assertWritable } from './publish/files.js';
import { writePlan } from './publish/plan-file.js';
import { createTerminal } from './publish/terminal.js';
import { run } from './run.js';
import { type SecretForm, withoutSecrets } from './settings/secrets.js';
import type { ReportSettings } from './settings/settings.js';

export interface CarryOptions {
  /** Every form of every secret: a database may tell one, and files and comments pass nobody who would hide it. */
  readonly secrets: readonly SecretForm[];
  readonly isVerbose: boolean;
  readonly signal: AbortSignal;
  readonly onCommit?: OnCommit | undefined;
}

/** Nothing is done before all reports can be written. In the report, and in all that is printed, no secret is left. */
export async function carryOut(
  settings: ReportSettings,
  { secrets, isVerbose, signal, onCommit }: CarryOptions,
): Promise<Report> {
  const planOut = settings.command === 'plan' ? settings.planOut : null;
  await assertWritable({ ...settings.files, 'plan-out': planOut });
  const terminal = createTerminal({
    output: process.stdout,
    clock: systemClock,
    verbose: isVerbose,
    environment: process.env,
  });
  try {
    const progress: Progress = (event) => terminal.progress(withoutSecrets(event, secrets));
    const plans: DeploymentPlan[] = [];
    const onPlan = (plan: DeploymentPlan) => void plans.push(plan);
    const found = await run(settings, { progress, signal, onCommit, onPlan });
    return await afterFate(found.subjects[0]?.committed, async () => {
      const report = withoutSecrets(found, secrets);
      terminal.finish(report);
      if (planOut !== null) for (const plan of plans) await writePlan(planOut, plan);
      return report;
    });
  } finally {
    terminal.close();
  }
}
