/** The report, and what else a run writes, as files. Whether they can be written is found out before the work, not after it. */
import { access, constants, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { getActionRoot } from '../action-root.js';
import { UserError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import type { Report } from '../model.js';
import type { PageAssets } from '../report/html/document.js';
import { type ReportContext, renderComment } from '../report/render-comment.js';
import { renderJson } from '../report/render-json.js';
import type { ReportFiles } from '../settings/settings.js';
import { whyNotWritten } from '../why-not-written.js';

type Format = keyof ReportFiles;

/**
 * Setting → its file, or null. Creates the folders; the files themselves are left as they are. Throws one UserError about all
 * that are not writable.
 */
export async function assertWritable(files: Readonly<Record<string, string | null>>): Promise<void> {
  const asked = Object.entries(files).flatMap(([setting, path]): [string, string][] =>
    path === null ? [] : [[setting, path]],
  );
  const problems: (string | null)[] = [];
  // One after another: two of one name would take the file away from one another.
  for (const [setting, path] of asked) problems.push(await whyNotWritable(setting, path));
  const shared = asked
    .filter(([, path], index) => asked.findIndex(([, other]) => resolve(other) === resolve(path)) < index)
    .map(
      ([setting, path]) =>
        `--${setting} ${path}: another file of this run is written to the same file. Give each its own name.`,
    );
  const all = [...problems.filter((problem) => problem !== null), ...shared];
  if (all.length > 0) throw new UserError(all.join('\n'));
}

/** Writes every file it can. Throws one UserError (exit code 3) about those that it could not. */
export async function writeReportFiles(
  files: ReportFiles,
  report: Report,
  context: ReportContext | null,
): Promise<void> {
  await writeFiles(files, {
    json: () => renderJson(report),
    markdown: () => renderComment(report, { context, budget: null }),
    html: async () => {
      const { renderHtml } = await import(/* webpackMode: "eager" */ '../report/render-html.js');
      return renderHtml(report, await readPageAssets());
    },
    junit: async () => {
      const { renderJunit } = await import(/* webpackMode: "eager" */ '../report/render-junit.js');
      return renderJunit(report);
    },
  });
}

/** Throws one UserError (exit code 3) about those that could not be written. */
export async function writeFiles(
  files: ReportFiles,
  render: Readonly<Record<Format, () => string | Promise<string>>>,
): Promise<void> {
  const problems: string[] = [];
  let cause: unknown;
  for (const [format, path] of paths(files)) {
    try {
      await writeFileOf(format, path, await render[format]());
    } catch (error: unknown) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
      cause ??= error.cause;
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'), { exitCode: 3, cause });
}

/** Throws a UserError (exit code 3) where it could not be written. */
export async function writeFileOf(setting: string, path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeWhole(path, text);
  } catch (error: unknown) {
    throw new UserError(unwritable(setting, path, error), { exitCode: 3, cause: error });
  }
}

/** Half a report is none, and an older one is of another run: where the disk is full, neither stays. */
async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error: unknown) {
    const left = await stat(path).catch(() => null);
    if (left?.isFile() === true) await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** They lie beside the program, and are put into the page. */
export async function readPageAssets(): Promise<PageAssets> {
  const folder = join(getActionRoot(), 'page');
  const [style, script] = await Promise.all(
    ['report.css', 'report.js'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  return { style: style ?? '', script: script ?? '' };
}

function paths(files: ReportFiles): [Format, string][] {
  const formats: readonly Format[] = ['json', 'markdown', 'html', 'junit'];
  return formats.flatMap((format): [Format, string][] => {
    const path = files[format];
    return path === null ? [] : [[format, path]];
  });
}

async function whyNotWritable(setting: string, path: string): Promise<string | null> {
  if (path.trim() === '') return `--${setting}: the name is empty. Name a file that can be written.`;
  try {
    await makeFolder(dirname(path));
    const existing = await stat(path).catch(nullIfMissing);
    if (existing?.isDirectory()) return `--${setting} ${path}: this is a folder. Name a file in it.`;
    if (existing?.isFile() && (await isOfBundle(path)))
      return `--${setting} ${path}: this is a file of a bundle, and would be lost. Name another file.`;
    if (existing === null || existing.isFile()) await tryToOpen(path, existing === null);
    else await access(path, constants.W_OK);
    return null;
  } catch (error: unknown) {
    return unwritable(setting, path, error);
  }
}

/** What a bundle is read from: its manifest, and SQL in its folders. */
async function isOfBundle(path: string): Promise<boolean> {
  const file = resolve(path);
  if (!/\.(?:sql|ya?ml)$/i.test(file)) return false;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'bundle.yml');
    if (file === manifest || file === join(folder, 'remains.sql') || dirname(file) !== folder)
      if ((await stat(manifest).catch(() => null))?.isFile() === true) return true;
  }
  return false;
}

/** Permissions do not tell all: the superuser is refused by a read-only file system only when he writes. */
async function tryToOpen(path: string, isNew: boolean): Promise<void> {
  const file = await open(path, 'a');
  await file.close();
  if (isNew) await rm(path);
}

function nullIfMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}

export function unwritable(setting: string, path: string, error: unknown): string {
  const code = codeOf(error);
  const why = whyNotWritten[code] ?? String(error);
  return `--${setting} ${path}: cannot be written: ${why}. Name a file that can be written.`;
}

/** The code of a system error, `EACCES`. */
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
