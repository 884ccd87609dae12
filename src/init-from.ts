/** `init` with something to begin with → a bundle that was seen to pass, and what is said of it. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { loadBefore } from './before/load-before.js';
import { choosePlatform } from './bundle/choose-platform.js';
import { claimFolder, writeBundleFiles } from './bundle/write-bundle-files.js';
import { counted } from './counted.js';
import { withThrowawayDatabases } from './database/throwaway-databases.js';
import { sqlFolder } from './locate-bundle.js';
import type { Report } from './model.js';
import { renderNextSteps } from './next-steps.js';
import { withServer } from './postgres/with-server.js';
import type { PrintOptions } from './print-text.js';
import { collectFailures } from './report/failures.js';
import { run } from './run.js';
import { readActionInputs } from './settings/action-definition.js';
import { parseSettings } from './settings/parse-settings.js';
import type { InitFrom, InitSettings, RehearseSettings } from './settings/settings.js';
import { looksLikeSupabase } from './starting/recognise-host.js';
import { type Start, startFrom } from './starting/start-from.js';

interface Settings extends InitSettings {
  readonly from: InitFrom;
}

export async function initFrom(settings: Settings, options: PrintOptions): Promise<string> {
  const { folder } = settings;
  await claimFolder(folder);
  const start = await readStart(settings, options);
  const tried = await tryVariants(start, settings, options);
  const notes = [...tried.notes, ...start.notes];
  return [
    ...start.unreadable,
    ...(start.unreadable.length > 0 ? [''] : []),
    `Wrote a bundle into ${folder}, of ${counted(start.tables.length, 'table')}:`,
    ...tried.files.map((file) => `  ${path.join(folder, file)}`),
    '',
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    ...(tried.failures.length === 0
      ? ['It was rehearsed, and passes as it is. What to do next:']
      : [
          'It was rehearsed, and does not pass yet. Mend this first:',
          ...tried.failures.map((line) => `  ${line}`),
          '',
          'What to do next:',
        ]),
    ...renderNextSteps(settings, tried.files, 'add rows that are broken in every way that you know of'),
    '',
  ].join('\n');
}

async function readStart({ from, title }: Settings, { signal, tell }: PrintOptions): Promise<Start> {
  const before = await loadBefore(from.before, from.rows);
  const isSupabase =
    from.platform === null ? await looksLikeSupabase(before.before, signal) : from.platform === 'supabase';
  const folders = isSupabase ? [sqlFolder()] : [path.join(sqlFolder(), 'starters/plain'), sqlFolder()];
  const platform = await choosePlatform(isSupabase ? 'supabase' : 'app', folders);
  tell(
    `Reading ${from.before.length === 1 ? before.title.replace(/^The schema of /, '') : 'the schema'} into a throwaway Postgres (${isSupabase ? 'supabase' : 'plain'}).`,
  );
  return withServer(from.postgres, { progress: () => undefined, signal }, (server) =>
    withThrowawayDatabases(server.connection, { platforms: [platform], signal }, (databases) =>
      startFrom(databases, {
        before,
        platform,
        title,
        tables: from.tables,
        owner: from.owner,
        rows: from.rows,
      }),
    ),
  );
}

interface Tried {
  readonly files: readonly string[];
  readonly notes: readonly string[];
  /** Empty: it passes. */
  readonly failures: readonly string[];
}

/** The first that passes, or the first. */
async function tryVariants(start: Start, settings: Settings, options: PrintOptions): Promise<Tried> {
  const { folder } = settings;
  let first: Tried | null = null;
  for (const { files, notes } of start.variants) {
    options.tell('Rehearsing it.');
    const written = await writeBundleFiles(folder, files);
    const failures = await rehearse(settings, options);
    if (failures.length === 0) return { files: written, notes, failures };
    first ??= { files: written, notes, failures };
    for (const part of new Set(written.map((file) => file.split('/')[0] ?? file)))
      await rm(path.join(folder, part), { recursive: true });
  }
  await writeBundleFiles(folder, start.variants[0]?.files ?? new Map());
  return first ?? { files: [], notes: [], failures: [] };
}

async function rehearse({ folder, from }: Settings, { signal }: PrintOptions): Promise<string[]> {
  const values = new Map([
    ['command', 'rehearse'],
    ['bundle', folder],
  ]);
  const standard = parseSettings({ definitions: readActionInputs(), values }) as RehearseSettings;
  const report = await run({ ...standard, postgres: from.postgres }, { progress: () => undefined, signal });
  return report.verdict === 'pass' ? [] : sayFailures(report);
}

const mostSaid = 10;
const noScenario = 'There was no scenario to run.';
const howToWriteOne =
  'No table took a row that could be made up and read again. Make the rows in scenarios/setup.sql, and say here who reads them and who does not.';

function sayFailures(report: Report): string[] {
  const failures = collectFailures(report).map(({ title, reason, problem }) =>
    [title, problem === null ? reason : `${problem.path}:${problem.line ?? 1}: ${problem.message}`]
      .filter(Boolean)
      .join(': '),
  );
  const reasons = report.reasons.map((reason) =>
    reason === noScenario ? `scenarios/01_name.sql: ${reason} ${howToWriteOne}` : reason,
  );
  return [...reasons, ...failures].slice(0, mostSaid);
}
