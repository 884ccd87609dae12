/** The report of the commit that a change is to be merged into: kept by a push to its branch, found by the change. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import type { Report } from '../../model.js';
import { nameOf } from '../../report/name-report.js';
import { readReports } from '../../report/read-reports.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import type { GitHubSettings } from '../../settings/settings.js';
import { writeReportFiles } from '../files.js';
import { askRunner, sayProblem } from './ask-runner.js';

export interface BaseRequest {
  readonly report: Report;
  readonly settings: Pick<GitHubSettings, 'baseReport' | 'commentKey'>;
  readonly context: Pick<GitHubContext, 'compared' | 'workflow'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly makeFolder: () => Promise<string>;
}

/** A report, or a sentence about why there is none; null: none was looked for. */
export type BaseReport = Report | string | null;

const file = 'report.json';
const seconds = 45;

/** What cannot be had costs no verdict. */
export async function findBase(request: BaseRequest): Promise<BaseReport> {
  const { report, settings, context } = request;
  if (settings.baseReport === 'false' || !isComparable(report)) return null;
  if (settings.baseReport !== 'auto')
    return readBase(settings.baseReport, `${settings.baseReport} is not there`);
  if (context.compared.kind !== 'with') return null;
  const { commit } = context.compared;
  const absent = `none is kept of ${commit.slice(0, 7)}, which a push to its branch keeps`;
  try {
    const folder = await request.makeFolder();
    const { value, problem } = await ask('fetch report', { ...request, folder, commit });
    return value === true
      ? readBase(join(folder, file), absent)
      : `${noBase} ${sayProblem(problem ?? absent)}.`;
  } catch (error: unknown) {
    return `${noBase} ${sayProblem(error)}.`;
  }
}

/** Keeps the report of a push. Returns a sentence where it could not be kept. */
export async function keepForChanges(request: BaseRequest): Promise<string | null> {
  const { report, settings, context } = request;
  if (settings.baseReport !== 'auto' || context.compared.kind !== 'by others' || !isComparable(report))
    return null;
  try {
    const folder = await request.makeFolder();
    const files = { json: join(folder, file), markdown: null, html: null, junit: null };
    await writeReportFiles(files, report, null);
    const { problem } = await ask('keep report', { ...request, folder, commit: context.compared.commit });
    return problem === null ? null : `${notKept} ${sayProblem(problem)}.`;
  } catch (error: unknown) {
    return `${notKept} ${sayProblem(error)}.`;
  }
}

const noBase = 'There is no report of the base:';
const notKept = 'The report was not kept for pull requests:';

/** A shard is a part, and its merge is what is compared; so is what was broken off. */
function isComparable({ command, shard, isBrokenOff = false }: Report): boolean {
  return command === 'rehearse' && shard === null && !isBrokenOff;
}

function ask(
  service: 'keep report' | 'fetch report',
  { folder, commit, ...request }: BaseRequest & { readonly folder: string; readonly commit: string },
) {
  const { environment, signal } = request;
  return askRunner(
    { service, folder, file, key: `${keyOf(request)}-${commit}` },
    { environment, signal, seconds },
  );
}

/** The same job of the same workflow, on the same major. */
function keyOf({ report, settings, context, environment }: BaseRequest): string {
  const what = [context.workflow, environment.GITHUB_JOB ?? '', settings.commentKey, nameOf(report)];
  return `schema-fix-report-${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16)}`;
}

/** One that cannot be read is none. */
async function readBase(path: string, absent: string): Promise<Report | string> {
  try {
    const { reports } = await readReports([path]);
    return reports[0]?.report ?? `${noBase} ${absent}.`;
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    return `${noBase} ${error.message}`;
  }
}
