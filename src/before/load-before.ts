/** What somebody has (files, globs, folders) → the one state that it builds, each thing recognised by its content. */
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { assertConfined } from '../bundle/confine.js';
import { findFiles } from '../bundle/find-files.js';
import { UserError } from '../errors.js';
import type { BeforeFile, RowsOfBefore, State } from '../model.js';
import { findLeftAlone } from './find-left-alone.js';
import { listFolder } from './list-folder.js';
import { isAddress, recogniseDatabase } from './recognise-database.js';
import { recogniseFile } from './recognise-file.js';

/** In the order given; the files of a glob in that of their paths. Throws a UserError for all that cannot be loaded. */
export async function loadBefore(given: readonly string[], rows: RowsOfBefore = 'none'): Promise<State> {
  const files: BeforeFile[] = [];
  const problems: string[] = [];
  const unmatched: string[] = [];
  const folders: string[] = [];
  const apart = new Set(given.filter((typed) => !isAddress(typed)).map((typed) => resolve(typed)));
  for (const typed of given) {
    if (isAddress(typed)) {
      const database = await orProblem(problems, () => recogniseDatabase(typed, rows));
      if (database !== null) files.push(database);
      continue;
    }
    const paths = await listPaths(typed, apart, problems);
    if (paths?.length === 0) unmatched.push(typed);
    if ((await stat(typed).catch(() => null))?.isDirectory()) folders.push(typed);
    for (const path of paths ?? []) {
      // What is given for itself is run where it is given.
      if (path !== typed && apart.has(resolve(path))) continue;
      if (files.some((file) => file.path === path)) continue;
      const file = await orProblem(problems, async () => {
        await assertMeant(typed, path);
        return recogniseFile(path);
      });
      if (file !== null) files.push(file);
    }
  }
  if (unmatched.length > 0) {
    problems.push(`no file matches ${unmatched.join(', ')}. Paths count from ${process.cwd()}.`);
  }
  if (problems.length > 0)
    throw new UserError(problems.map((problem) => `before: ${problem.replace(/^before: /, '')}`).join('\n'));
  const leftAlone = await findLeftAlone(
    folders,
    files.map((file) => file.path),
  );
  return {
    name: 'before',
    title: `The schema of ${files.length === 1 ? files[0]?.path : `${files.length} files`}`,
    platform: null,
    deployer: null,
    expectation: { kind: 'pass' },
    quarantine: null,
    settings: [],
    files: [],
    before: files,
    ...(leftAlone.length > 0 && { leftAlone }),
  };
}

/** Null where there is a problem. */
async function listPaths(
  typed: string,
  apart: ReadonlySet<string>,
  problems: string[],
): Promise<readonly string[] | null> {
  const found = await stat(typed).catch(() => null);
  // A path is what it is, also where its name would be a glob.
  if (found?.isFile()) {
    if (basename(typed) !== 'sqitch.plan') return [typed];
    problems.push(`${typed} says which files of its folder are run: name the folder, ${dirname(typed)}.`);
    return null;
  }
  if (found?.isDirectory()) return orProblem(problems, () => listFolder(typed, apart));
  return (await findFiles([typed])).paths;
}

/** A path typed as absolute is what the user points to; what a glob, a folder or a link leads to stays within that. */
async function assertMeant(typed: string, path: string): Promise<void> {
  if (isAbsolute(typed) && path === typed) return;
  const isGlob = path !== typed && /[*?[{(!]/.test(typed);
  // Of a glob, the folder up to the first sign that stands for others.
  const folder = isGlob ? (typed.split(/[*?[{(!]/)[0] ?? '').replace(/[^/\\]*$/, '') : typed;
  await assertConfined(path, isAbsolute(typed) ? folder : '.', path);
}

/** Every problem is told, not the first alone. */
async function orProblem<T>(problems: string[], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    problems.push(error.message);
    return null;
  }
}
