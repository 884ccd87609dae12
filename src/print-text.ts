/** Settings of a command that ends in no report → its work, and what it prints. */
import path from 'node:path';
import { chooseSections } from './bundle/choose-sections.js';
import { readRemains } from './bundle/read-remains.js';
import { renderRemains } from './bundle/render-remains.js';
import { renderScript } from './bundle/render-script.js';
import { writeStarter } from './bundle/write-starter.js';
import { engineSql } from './database/engine-sql.js';
import { locateBundle, readBundle, sqlFolder } from './locate-bundle.js';
import { renderNextSteps } from './next-steps.js';
import type { InitSettings, PrintSettings, SqlSettings } from './settings/settings.js';

export interface PrintOptions {
  readonly signal: AbortSignal;
  /** Told how far what takes long is, a line each. */
  readonly tell: (line: string) => void;
}

export async function printText(settings: PrintSettings, options: PrintOptions): Promise<string> {
  switch (settings.command) {
    case 'sql':
      return printSql(settings);
    case 'lint': {
      const { lintBundle, renderLint } = await import(/* webpackMode: "eager" */ './bundle/lint-bundle.js');
      return `${renderLint(await lintBundle(await locateBundle(settings.bundle), sqlFolder()))}${
        settings.bundle === null
          ? 'It is the one that ships with the action; none of yours lies in this folder. Name it: --bundle FOLDER.\n'
          : ''
      }`;
    }
    case 'init':
      return init(settings, options);
    case 'restore': {
      const { restoreBackup } = await import(/* webpackMode: "eager" */ './stages/backup/restore-backup.js');
      return restoreBackup(settings, options);
    }
  }
}

/** The whole fix, or the chosen sections, as one script. */
async function printSql(settings: SqlSettings): Promise<string> {
  const bundle = await readBundle(settings);
  const choice = chooseSections(bundle.sections, settings.sections);
  if (settings.onlyRemains) return renderRemains(bundle, choice, await readRemains(bundle.folder));
  return renderScript(bundle, choice, {
    ...settings,
    makePrelude: engineSql('make_prelude'),
    dropPrelude: engineSql('drop_prelude'),
  });
}

async function init(settings: InitSettings, options: PrintOptions): Promise<string> {
  const { folder, from } = settings;
  if (from !== null) {
    const { initFrom } = await import(/* webpackMode: "eager" */ './init-from.js');
    return initFrom({ ...settings, from }, options);
  }
  const files = await writeStarter(settings, path.join(sqlFolder(), 'starters'));
  return [
    `Wrote a bundle into ${folder}:`,
    ...files.map((file) => `  ${path.join(folder, file)}`),
    '',
    'It passes as it is. What to do next:',
    ...renderNextSteps(settings, files, 'put your own tables there, as they are'),
    '',
  ].join('\n');
}
