/** The lies of the fixtures: each a small change of the honest ledger bundle, and what a report must say of it. */
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../src/errors.js';
import { failureText } from '../../src/report/failure-text.js';
import { collectFailures } from '../../src/report/failures.js';
import { run } from '../../src/run.js';
import { readActionInputs } from '../../src/settings/action-definition.js';
import { parseSettings } from '../../src/settings/parse-settings.js';
import type { RehearseSettings } from '../../src/settings/settings.js';
import { type Changes, changeFile, withFolder } from './notes-bundle.js';
import { addressOf } from './notes-target.js';
import { getTestServer } from './server.js';

const fixtures = path.resolve(import.meta.dirname, '../fixtures');

const lieSchema = z.strictObject({
  /** What it does, in a sentence. */
  lie: z.string(),
  /** Words that a report must hold: the table, the column, the person. */
  names: z.array(z.string()).min(1),
  /** SQL of a section that runs after the others. */
  section: z.string().optional(),
  /** Path within the bundle → the file's new text, or null for one that is taken away. */
  files: z.record(z.string(), z.string().nullable()).default({}),
  /** Path within the bundle → texts, or `/patterns/`, and what stands in their place. */
  edits: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))).default({}),
});

export type Lie = Omit<z.infer<typeof lieSchema>, 'section'> & { readonly name: string };

export async function loadLies(): Promise<Lie[]> {
  const names = (await readdir(path.join(fixtures, 'lies'))).sort();
  return Promise.all(
    names.map(async (file) => {
      const text = await readFile(path.join(fixtures, 'lies', file), 'utf8');
      const { section, files, ...lie } = lieSchema.parse(parse(text));
      const sections = section === undefined ? {} : { 'sections/05_more.sql': lastSection(section) };
      return { ...lie, name: path.basename(file, '.yml'), files: { ...files, ...sections } };
    }),
  );
}

const lastSection = (sql: string) => `--! Title: More\n--! Needs: 01, 02, 03, 04\n\n${sql}`;

export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'refused';
  /** All that the report says about what is wrong. */
  readonly text: string;
}

/** Rehearses the honest bundle on all its states. */
export function judgeHonestBundle(): Promise<Judgement> {
  return judge({});
}

/** Rehearses the bundle with the lie in it, on its first state alone. */
export function judgeLie({ files, edits }: Lie): Promise<Judgement> {
  const edited = Object.entries(edits).map(([file, changes]) => [
    file,
    (text: string) => edit(text, changes),
  ]);
  return judge({ 'states/02_second_generation.sql': null, ...files, ...Object.fromEntries(edited) });
}

function edit(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((edited, [from, to]) => {
    const pattern = /^\/(.*)\/([a-z]*)$/s.exec(from);
    const next = edited.replace(pattern ? new RegExp(pattern[1] ?? '', pattern[2]) : from, () => to);
    if (next === edited) throw new Error(`there is no ${from} to be replaced`);
    return next;
  }, text);
}

async function judge(changes: Changes): Promise<Judgement> {
  return withFolder(async (folder) => {
    await cp(path.join(fixtures, 'bundles/ledger'), folder, { recursive: true });
    for (const [name, change] of Object.entries(changes)) await changeFile(path.join(folder, name), change);
    try {
      const report = await run(settingsFor(folder), {
        progress: () => undefined,
        signal: new AbortController().signal,
      });
      return {
        verdict: report.verdict,
        text: [
          ...report.reasons,
          ...collectFailures(report).flatMap((it) => [it.title, failureText(it)]),
        ].join('\n'),
      };
    } catch (error: unknown) {
      if (error instanceof UserError) return { verdict: 'refused', text: error.message };
      throw error;
    }
  });
}

/** As the command line would read them, so that what a later setting defaults to need not be said here. */
function settingsFor(bundle: string): RehearseSettings {
  const values = new Map([
    ['command', 'rehearse'],
    ['bundle', bundle],
    ['concurrency', '1'],
    // Lies are found by what is looked at before it.
    ['rollback', 'false'],
    ['postgres-source', 'url'],
    ['postgres-url', addressOf(getTestServer().connection)],
  ]);
  const settings = parseSettings({ definitions: readActionInputs(), values });
  if (settings.command !== 'rehearse') throw new Error(`asked for ${settings.command}`);
  return settings;
}
