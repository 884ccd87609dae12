/** Globs → the reports in the files that they match. They may come from anywhere: nothing in them is believed. */
import { readFile, stat } from 'node:fs/promises';
import { findFiles } from '../bundle/find-files.js';
import { UserError } from '../errors.js';
import type { Report } from '../model.js';
import { makeVisible } from './escape.js';
import type { MergeRequest } from './merge-reports.js';
import type { NamedReport } from './name-report.js';
import { reportSchema } from './report-schema.js';

/** A report of fifty states has some ten megabytes. All of them are in memory at once. */
const mostBytes = 64 * 1024 * 1024;
const mostBytesTogether = 512 * 1024 * 1024;
const mostFiles = 1000;

/** Throws one UserError about every file that is no report, and where there is none at all. */
export async function readReports(
  globs: readonly string[],
): Promise<Pick<MergeRequest, 'reports' | 'unmatched'>> {
  const { paths, unmatched } = await findFiles(globs);
  if (paths.length === 0) {
    throw new UserError(`reports: no file matches ${globs.join(', ')}. Paths count from ${process.cwd()}.`);
  }
  if (paths.length > mostFiles) {
    throw new UserError(`reports: ${paths.length} files match; the most is ${mostFiles}. Narrow the globs.`);
  }
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const together = sizes.reduce((sum, size) => sum + size, 0);
  if (together > mostBytesTogether) {
    throw new UserError(
      `reports: ${paths.length} files of ${together} bytes match; the most is ${mostBytesTogether}. Narrow the globs.`,
    );
  }
  const reports: NamedReport[] = [];
  const problems: string[] = [];
  for (const [index, path] of paths.entries()) {
    const read = await readReport(path, sizes[index] ?? 0);
    if (typeof read === 'string') problems.push(`${makeVisible(path)}: ${read}`);
    else reports.push({ path, report: read });
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return { reports, unmatched };
}

/** The report, or what is wrong with the file. */
async function readReport(path: string, size: number): Promise<Report | string> {
  if (size > mostBytes) return `has ${size} bytes; a report has ${mostBytes} at most. Take it out.`;
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error: unknown) {
    if (error instanceof SyntaxError) return 'is not JSON. Give only reports that --json wrote.';
    throw error;
  }
  const parsed = reportSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  // The messages are the schema's own; they quote nothing of the file.
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') || 'the file';
  return `is no report of this version (${where}: ${issue?.message}). Give only reports that --json wrote.`;
}
