/** Inputs of the action → what their command came to, told to be delivered; its outputs are set, and its files written. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { carryOut } from './carry-out.js';
import { afterFate } from './database/telling-fate.js';
import { AfterCommit, UserError } from './errors.js';
import type { Report } from './model.js';
import { describeError } from './publish/describe-error.js';
import { writeReportFiles } from './publish/files.js';
import { type BaseRequest, findBase, keepForChanges } from './publish/github/base-report.js';
import {
  buildObstacleDelivery,
  buildReportDelivery,
  buildWatchDelivery,
} from './publish/github/build-delivery.js';
import type { UnlinkedDelivery } from './publish/github/delivery.js';
import { noteBegun, noteCommit, noteTold } from './publish/github/killed-run.js';
import {
  setArtifactUrl,
  setObstacleOutputs,
  setReportOutputs,
  setReturnOutputs,
  setWatchOutputs,
} from './publish/github/set-outputs.js';
import { type UploadResult, uploadReport } from './publish/github/upload-report.js';
import { type Weighed, weighBase } from './publish/github/weigh-base.js';
import { whyEnded } from './publish/stop-on-signals.js';
import { type Returned, returnTo, writeReturnFile } from './return-to.js';
import type { GitHubContext } from './settings/github/github-context.js';
import type { RawInputs } from './settings/input-reader.js';
import { parseSettings } from './settings/parse-settings.js';
import { hideSecrets, type SecretForm, withoutSecrets } from './settings/secrets.js';
import {
  type GitHubSettings,
  isPrinting,
  isReturning,
  isWatching,
  type ReportFiles,
  type ReportSettings,
  type ReturnSettings,
  type WatchSettings,
} from './settings/settings.js';
import { describe, watchOver, writeWatchFiles } from './watch-over.js';

export interface Doing {
  readonly context: GitHubContext;
  readonly settings: GitHubSettings;
  /** With the inputs that say how GitHub is told. */
  readonly problems: readonly string[];
  readonly secrets: readonly SecretForm[];
  readonly signal: AbortSignal;
}

/** Whatever goes wrong becomes something to tell: on GitHub an earlier verdict must not stand in its place. */
export async function doCommand(
  inputs: RawInputs,
  { context, ...options }: Doing,
): Promise<UnlinkedDelivery> {
  try {
    const settings = readSettings(inputs, options);
    if ('confirm' in settings) noteBegun(settings.command);
    if (isReturning(settings)) return await goBack(settings, { context, ...options });
    if (isWatching(settings)) return await watch(settings, { context, ...options });
    const { report, files } = await execute(settings, options);
    return await afterFate(report.subjects[0]?.committed, async () => {
      setReportOutputs(report, files);
      noteTold();
      const { commit, runUrl } = context;
      await orWarn(() => writeReportFiles(files, report, { commit, runUrl }));
      const artifact = await upload(report, { context, ...options });
      const weighed = await weigh(report, { context, ...options });
      return buildReportDelivery(report, { ...context, artifact }, weighed);
    });
  } catch (thrown: unknown) {
    const error = whyEnded(thrown, options.signal);
    try {
      setObstacleOutputs(inputs.values.get('command'), error);
    } catch (second: unknown) {
      // The comment and the summary are left to say it.
      core.warning(`The outputs cannot be set: ${describeInLog(second)}`);
    }
    if (!(error instanceof AfterCommit) || error.committed === 'yes') noteTold();
    return buildObstacleDelivery(hideSecrets(describeInLog(error), options.secrets), context);
  }
}

/** Whoever stops a run does not wait for its report. */
async function upload(
  report: Report,
  { context, settings, signal }: Omit<Doing, 'problems'>,
): Promise<UploadResult> {
  if (signal.aborted) return { url: null, note: null };
  const result = await uploadReport({
    report,
    folder: await makeFolder(),
    setting: settings.uploadReport,
    context,
    environment: process.env,
    signal,
  });
  setArtifactUrl(result.url);
  return result;
}

/** With the report of the base, where there is one; a push keeps its own for those that come. */
async function weigh(
  report: Report,
  { context, settings, signal }: Omit<Doing, 'problems'>,
): Promise<Weighed> {
  const request: BaseRequest = {
    ...{ report, context, settings, signal, makeFolder },
    environment: process.env,
  };
  const base = signal.aborted ? null : await findBase(request);
  const kept = signal.aborted ? null : await keepForChanges(request);
  for (const said of [base, kept]) if (typeof said === 'string') core.info(said);
  return weighBase(report, base, settings);
}

/** A file that could not be written takes nothing from what was found out. */
async function orWarn(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    core.warning(error.message);
  }
}

/** Throws a UserError for what only the command line does. */
function readSettings(
  inputs: RawInputs,
  { settings: { workingDirectory }, problems }: Omit<Doing, 'context'>,
): ReportSettings | WatchSettings | ReturnSettings {
  const settings = parseSettings({ ...inputs, environment: process.env }, problems);
  if (workingDirectory !== null) enter(workingDirectory);
  if (isPrinting(settings)) {
    const { command } = settings;
    throw new UserError(`command: ${command} is for the command line: schema-fix ${command}.`);
  }
  return settings;
}

/** A rollback that was refused has changed nothing, and fails the job. */
async function goBack(
  settings: ReturnSettings,
  { context, secrets, signal }: Omit<Doing, 'problems' | 'settings'>,
): Promise<UnlinkedDelivery> {
  const found = await returnTo(settings, { signal, onCommit: noteCommit });
  return afterFate(found.committed, async () => {
    const returned = withoutSecrets<Returned>(found, secrets);
    process.stdout.write(returned.text);
    setReturnOutputs(settings, returned);
    noteTold();
    const { commit, runUrl } = context;
    await orWarn(() => writeReturnFile(settings, returned, { commit, runUrl }));
    return buildWatchDelivery({ verdict: returned.isDone ? 'pass' : 'fail' }, returned.page, context);
  });
}

/** What is watched has no state and no check to count. */
async function watch(
  settings: WatchSettings,
  { context, secrets, signal }: Omit<Doing, 'problems' | 'settings'>,
): Promise<UnlinkedDelivery> {
  const files = { ...settings.files, json: settings.files.json ?? (await chooseJsonFile()) };
  const report = await watchOver({ ...settings, files }, { secrets, signal, isVerbose: core.isDebug() });
  setWatchOutputs(report, files);
  const { commit, runUrl } = context;
  await orWarn(() => writeWatchFiles(files, report, { commit, runUrl }));
  return buildWatchDelivery(report, describe(report), context);
}

async function execute(
  settings: ReportSettings,
  options: Pick<Doing, 'secrets' | 'signal'>,
): Promise<{ readonly report: Report; readonly files: ReportFiles }> {
  const files = { ...settings.files, json: settings.files.json ?? (await chooseJsonFile()) };
  const report = await carryOut(
    { ...settings, files },
    { ...options, isVerbose: core.isDebug(), onCommit: noteCommit },
  );
  return { report, files };
}

function enter(workingDirectory: string): void {
  try {
    process.chdir(workingDirectory);
  } catch (error: unknown) {
    const text = `working-directory: ${workingDirectory} is no folder here. Paths count from ${process.cwd()}.`;
    throw new UserError(text, { cause: error });
  }
}

async function chooseJsonFile(): Promise<string> {
  return join(await makeFolder(), 'report.json');
}

/** A folder of its own: two steps of a job do not overwrite each other's report. */
function makeFolder(): Promise<string> {
  return mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'report-of-schema-fix-'));
}

/** Into the log, where the runner hides secrets. */
export function describeInLog(error: unknown): string {
  if (error instanceof Error && error.stack !== undefined) {
    core.debug(error.stack);
  }
  return describeError(error, { isVerbose: false, detailsAt: 'debug logging' }).text;
}
