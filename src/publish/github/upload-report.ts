/** The report as an artifact of the run, where its readers find it when the runner is gone. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Report } from '../../model.js';
import { nameOf } from '../../report/name-report.js';
import { findArtifactObstacle } from '../../settings/github/artifact-obstacle.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import type { GitHubSettings } from '../../settings/settings.js';
import { writeReportFiles } from '../files.js';
import { askRunner, sayProblem } from './ask-runner.js';
import type { Note } from './delivery.js';

export interface UploadResult {
  /** Where it can be read, or null where it was not sent. */
  readonly url: string | null;
  readonly note: Note | null;
}

export interface UploadRequest {
  readonly report: Report;
  /** Where the files can be written for it, empty. */
  readonly folder: string;
  readonly setting: GitHubSettings['uploadReport'];
  readonly context: Pick<GitHubContext, 'commit' | 'runUrl'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const retentionDays = 30;

/** A report that was not sent costs no verdict; that it was not is a warning only where somebody had asked for it. */
export async function uploadReport(request: UploadRequest): Promise<UploadResult> {
  if (request.setting === 'false') return { url: null, note: null };
  const obstacle = findArtifactObstacle((name) => request.environment[name]);
  if (obstacle !== null) {
    const text = `No artifact was uploaded: ${obstacle}. Upload the files of the outputs in a step: see docs/recipes.md.`;
    const note: Note = { level: 'warning', text };
    return { url: null, note: request.setting === 'true' ? note : null };
  }
  try {
    return { url: `${request.context.runUrl}/artifacts/${await send(request)}`, note: null };
  } catch (error: unknown) {
    const text = `The report could not be uploaded as an artifact: ${sayProblem(error)}. Upload it in a step: see docs/recipes.md.`;
    return { url: null, note: { level: 'warning', text } };
  }
}

async function send({ report, folder, context, environment, signal }: UploadRequest): Promise<number> {
  const files = {
    json: join(folder, 'report.json'),
    html: join(folder, 'report.html'),
    markdown: null,
    junit: null,
  };
  await writeReportFiles(files, report, context);
  const sent = [files.json, files.html];
  const { value } = await askRunner(
    { service: 'send artifact', name: chooseName(report), files: sent, root: folder, folder, retentionDays },
    { environment, signal, seconds: 90 },
  );
  return Number(value);
}

/** A run refuses a name that it has: jobs of a matrix, steps of a job and attempts must each have their own. */
function chooseName(report: Report): string {
  const what = nameOf(report)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `schema-fix-${report.command}-${what}-${randomUUID().slice(0, 8)}`;
}
