/** Settings with which the notes bundle is deployed to a target, as somebody would who gives only what is asked for; and a run with them. */
import type { RunOptions } from '../../src/commands/run-options.js';
import type { Bundle, DeploymentPlan, Report } from '../../src/model.js';
import { writePlan } from '../../src/publish/plan-file.js';
import { run } from '../../src/run.js';
import type { DeploySettings, PlanSettings } from '../../src/settings/settings.js';
import { limits } from './limits.js';
import { type Changes, withNotesBundle } from './notes-bundle.js';
import { addressOf, type NotesTarget } from './notes-target.js';

export const quietly = { progress: () => undefined, signal: new AbortController().signal };

/** A plan that passes is in its file then, as when a command makes it. */
export async function runPlan(settings: PlanSettings, options: RunOptions = quietly): Promise<Report> {
  const plans: DeploymentPlan[] = [];
  const report = await run(settings, { ...options, onPlan: (plan) => void plans.push(plan) });
  if (settings.planOut !== null) for (const plan of plans) await writePlan(settings.planOut, plan);
  return report;
}

/** What `plan` takes as well as `deploy`. */
export function settingsFor(target: NotesTarget, bundle: string) {
  return {
    bundle,
    sections: null,
    given: [],
    ...limits,
    files: { json: null, markdown: null, html: null, junit: null },
    databaseUrl: addressOf(target.connection),
    databaseCa: null,
    confirm: target.database,
    mayCreate: false,
    window: { notBefore: null, notAfter: null },
  };
}

/** Who typed that there is to be none. */
export const noBackup = {
  backup: { kind: 'none' },
  trialServer: { source: 'auto', url: null, image: null },
} as const;

export function deployNotes(
  target: NotesTarget,
  changes: Changes = {},
  overrides: Partial<DeploySettings> = {},
): Promise<Report> {
  return withNotesBundle(changes, (bundle) =>
    run(
      { command: 'deploy', ...settingsFor(target, bundle), plan: null, ...noBackup, ...overrides },
      quietly,
    ),
  );
}

/** What a deployment says of itself for the record, where it is called without a run. */
export function recordOf(bundle: Bundle) {
  const target = { place: 'here', system: null, database: '0', role: 'postgres' };
  return { bundle, sections: bundle.sections, target };
}
