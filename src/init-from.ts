/** `init` with something to begin with → a bundle that was seen to pass, and what is said of it. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { loadBefore } from './before/load-before.js';
import { choosePlatform } from './bundle/choose-platform.js';
import { claimFolder, writeBundleFiles } from './bundle/write-bundle-files.js';
import { withThrowawayDatabases } from './database/throwaway-databases.js';
import type { Report } from './model.js';
import { withServer } from './postgres/with-server.js';
import type { PrintOptions } from './print-text.js';
import { collectFailures } from './report/failures.js';
import { run, sqlFolder } from './run.js';
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
  const first = await tryVariants(start, settings, options);
  return [
    `Wrote a bundle into ${folder}, of ${start.tables.length === 1 ? '1 table' : `${start.tables.length} tables`}:`,
    ...first.files.map((file) => `  ${path.join(folder, file)}`),
    '',
    ...start.notes,
    ...(start.notes.length > 0 ? [''] : []),
    ...(first.failures.length === 0
      ? ['It was rehearsed, and passes as it is. What to do next:']
      : [
          'It was rehearsed, and does not pass yet:',
          ...first.failures.map((line) => `  ${line}`),
          '',
          'What to do next:',
        ]),
    `  schema-fix rehearse --bundle ${folder}     see it on a throwaway Postgres`,
    `  edit ${path.join(folder, 'sections')}, ${path.join(folder, 'checks')} and ${path.join(folder, 'access')}     say what is to be repaired, and who is to reach what`,
    `  edit ${path.join(folder, 'states/01_what_is_there.sql')}     add rows that are broken in every way that you know of`,
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
  /** Empty: it passes. */
  readonly failures: readonly string[];
}

/** The first that passes, or the first. */
async function tryVariants(start: Start, settings: Settings, options: PrintOptions): Promise<Tried> {
  const { folder } = settings;
  let first: Tried | null = null;
  for (const files of start.variants) {
    options.tell('Rehearsing it.');
    const written = await writeBundleFiles(folder, files);
    const failures = await rehearse(settings, options);
    if (failures.length === 0) return { files: written, failures };
    first ??= { files: written, failures };
    for (const part of new Set(written.map((file) => file.split('/')[0] ?? file)))
      await rm(path.join(folder, part), { recursive: true });
  }
  await writeBundleFiles(folder, start.variants[0] ?? new Map());
  return first ?? { files: [], failures: [] };
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

function sayFailures(report: Report): string[] {
  const failures = collectFailures(report).map(({ title, reason, problem }) =>
    [title, problem === null ? reason : `${problem.path}:${problem.line ?? 1}: ${problem.message}`]
      .filter(Boolean)
      .join(': '),
  );
  return [...report.reasons, ...failures].slice(0, mostSaid);
}
