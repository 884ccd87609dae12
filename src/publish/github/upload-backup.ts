/** A backup on a runner's disk → the same as an artifact of the run: a runner that dies in the deployment takes its disk along. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../errors.js';
import type { TakenBackup } from '../../model.js';
import { readGitHubContext } from '../../settings/github/read-github-context.js';
import { askRunner, sayProblem } from './ask-runner.js';

export interface BackupUpload {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** GitHub keeps it for fewer where the repository says so. */
const retentionDays = 90;

/** Of a slow way to GitHub. */
const bytesPerSecond = 500_000;

/** Returns its address. Throws a UserError where it was not sent: nothing may be begun then. */
export async function uploadBackup(
  { file, bytes, digest }: Pick<TakenBackup, 'file' | 'bytes' | 'digest'>,
  { environment, signal }: BackupUpload,
): Promise<string> {
  const path = resolve(file);
  try {
    const { value } = await askRunner(
      {
        service: 'send artifact',
        // A run refuses a name that it has, and no two backups have one digest.
        name: `schema-fix-backup-${digest.slice(0, 12)}`,
        files: [path],
        root: dirname(path),
        isPacked: true,
        folder: await mkdtemp(join(environment.RUNNER_TEMP ?? tmpdir(), 'backup-of-schema-fix-')),
        retentionDays,
      },
      { environment, signal, seconds: 120 + Math.ceil(bytes / bytesPerSecond) },
    );
    return `${readGitHubContext(environment).runUrl}/artifacts/${value}`;
  } catch (error: unknown) {
    signal.throwIfAborted();
    throw new UserError(
      `backup: ${basename(file)} could not be uploaded as an artifact of the run: ${sayProblem(error)}. A runner that dies would take the only backup along, so nothing was begun. Run it again; or say upload-backup: false where the runner's disk stays.`,
      { exitCode: 3, cause: error },
    );
  }
}
