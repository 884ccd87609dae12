/** Takes the settings of a command that ends in a report, and gives the report. The order of its work is in `commands/`. */
import { deploy } from './commands/deploy.js';
import { merge } from './commands/merge.js';
import { rehearse } from './commands/rehearse.js';
import type { RunOptions } from './commands/run-options.js';
import { AfterCommit } from './errors.js';
import type { Report } from './model.js';
import type { DeploySettings, MergeSettings, PlanSettings, RehearseSettings } from './settings/settings.js';

/** Once the signal is aborted its reason is what went wrong, whatever else broke because of it. */
export async function run(
  settings: RehearseSettings | PlanSettings | DeploySettings | MergeSettings,
  options: RunOptions,
): Promise<Report> {
  try {
    return await execute(settings, options);
  } catch (error: unknown) {
    if (!(error instanceof AfterCommit)) options.signal.throwIfAborted();
    throw error;
  }
}

function execute(
  settings: RehearseSettings | PlanSettings | DeploySettings | MergeSettings,
  options: RunOptions,
): Promise<Report> {
  switch (settings.command) {
    case 'rehearse':
      return rehearse(settings, options);
    case 'plan':
    case 'deploy':
      return deploy(settings, options);
    case 'merge':
      return merge(settings);
  }
}
