/** A folder → everything that can be said of the bundle in it without a server: mistakes of all its files, and remarks on its SQL. */
import { counted } from '../counted.js';
import { UserError } from '../errors.js';
import type { Bundle } from '../model.js';
import { findSyntaxErrors } from './find-syntax-errors.js';
import { findUnknownRoles } from './find-unknown-roles.js';
import { findUnmentioned } from './find-unmentioned.js';
import { lintManifest } from './lint-manifest.js';
import { lintStatements, type Remark, tablesMadeIn } from './lint-statements.js';
import { lintTogether } from './lint-together.js';
import { listSqlFiles } from './list-sql-files.js';
import { loadBundle } from './load-bundle.js';
import { readSections } from './read-sections.js';

export interface LintResult {
  /** As loading the bundle says it; null: it can be loaded. */
  readonly problem: UserError | null;
  readonly remarks: readonly Remark[];
  /** What the bundle is called; null: it cannot be loaded. */
  readonly title: string | null;
}

export async function lintBundle(folder: string, sqlFolder: string): Promise<LintResult> {
  const loaded = await loadBundle(folder, sqlFolder).catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  // Loading says what is wrong with the sections as files; here they are only read.
  const sections = await readSections(folder, []);
  const files = sections.flatMap(({ file, parts }) => [file, ...parts]);
  const others = (
    await Promise.all(otherFolders.map((name) => listSqlFiles(folder, name, [], leniently)))
  ).flat();
  const bundle = loaded instanceof UserError ? null : loaded;
  const states = others.filter(({ file }) => file.path.startsWith('states/')).map(({ file }) => file);
  const before = tablesMadeIn(states);
  const made = new Set([...tablesMadeIn(files)].filter((table) => !before.has(table)));
  const shut = [bundle?.quarantine, bundle?.imported].filter((table) => table != null);
  const setups = [bundle?.scenarioSetup, bundle?.access.setup].filter((file) => file != null);
  const remarks = [
    ...(bundle === null ? [] : [...findUnknown(bundle), ...(await lintManifest(bundle))]),
    ...(await findSyntaxErrors([...files, ...others.map(({ file }) => file), ...setups])),
    ...files.flatMap((file) => lintStatements(file, made)),
    ...lintTogether(files, { others: others.map(({ file }) => file), shut }),
  ];
  return {
    problem: loaded instanceof UserError ? loaded : null,
    remarks,
    title: bundle?.title ?? null,
  };
}

function findUnknown(bundle: Bundle): Remark[] {
  // Without a state nobody knows what is there.
  const unmentioned = bundle.states.length === 0 ? [] : findUnmentioned(bundle);
  return [
    ...findUnknownRoles(bundle),
    ...unmentioned.map(({ line, text }): Remark => ({ severity: 'mistake', path: 'bundle.yml', line, text })),
  ];
}

/** Beside the sections, what is SQL as it is run. */
const otherFolders = ['prelude', 'checks', 'verify', 'prepare', 'reads', 'access', 'scenarios', 'states'];

/** What is wrong with them as files is said by loading the bundle. */
const leniently = { others: ['setup.sql'], maySetRole: true };

/** Throws a UserError where anything is a mistake. */
export function renderLint({ problem, remarks, title }: LintResult): string {
  const lines = remarks.map(({ severity, path, line, text }) => `${path}:${line}: ${severity}: ${text}.`);
  const mistakes = remarks.filter(({ severity }) => severity === 'mistake').length;
  if (problem !== null || mistakes > 0) {
    throw new UserError([...(problem === null ? [] : [problem.message]), ...lines].join('\n'));
  }
  const found = remarks.length === 0 ? 'no warning' : counted(remarks.length, 'warning');
  return [...lines, `The bundle can be rehearsed (${title}): no mistake, ${found}.`].join('\n').concat('\n');
}
