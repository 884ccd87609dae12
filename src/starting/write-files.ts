/** A plan, the state and the scenario → the files of a bundle, by name. */
import type { Written } from './find-scenario.js';
import type { Plan } from './plan.js';
import { writeChecks } from './write-checks.js';
import { writeManifest } from './write-manifest.js';
import { platformOf, writePlatform } from './write-platform.js';
import { writeRules } from './write-rules.js';
import { writeSections } from './write-sections.js';

export function writeFiles(plan: Plan, state: string, written: Written | null): ReadonlyMap<string, string> {
  const platform = platformOf(plan);
  const files = new Map([
    ['bundle.yml', writeManifest(plan)],
    ...writeSections(plan),
    [
      'states/01_what_is_there.sql',
      `--! Title: What is there today\n\n-- The schema as it was read. Add rows that are broken in every way that you know of.\n${state}`,
    ],
    ...writeChecks(plan),
    ...writeRules(plan),
  ]);
  if (platform.isOwn) files.set(`platforms/${platform.name}.sql`, writePlatform(plan));
  if (written !== null) {
    files.set('scenarios/01_who_reaches_it.sql', written.scenario);
    if (written.setup !== '') files.set('scenarios/setup.sql', written.setup);
  }
  return files;
}
