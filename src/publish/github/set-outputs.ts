/** Takes the report, or that there is none; sets the outputs that `action.yml` lists. */
import * as core from '@actions/core';
import type { Fate } from '../../database/commit.js';
import { AfterCommit, CommitUnknown, TransactionEnded } from '../../errors.js';
import type { Report } from '../../model.js';
import { tame } from '../../report/escape.js';
import { collectFailures } from '../../report/failures.js';
import type { ReportFiles, ReturnSettings } from '../../settings/settings.js';
import type { WatchReport } from '../../watched.js';

/** An output may have a megabyte, of all outputs of a job fifty; a script looks at the first few. */
const mostFailures = 50;
const mostDatabases = 20;
const longestText = 400;

export function setReportOutputs(report: Report, files: ReportFiles): void {
  const { subjects, checks } = report.tallies;
  setOutputs({
    verdict: report.verdict,
    planned: subjects.planned,
    passed: subjects.passed,
    failed: subjects.planned - subjects.passed,
    'checks-passed': checks.passed,
    'checks-failed': checks.executed - checks.passed,
    committed: sayFate[report.subjects[0]?.committed ?? 'unknown'],
    'backup-file': report.backup?.taken?.file ?? null,
    'backup-digest': report.backup?.taken?.digest ?? null,
    'backup-artifact-url': report.backup?.taken?.artifact ?? null,
    failures: listFailures(report),
    'report-json': files.json,
    'report-markdown': files.markdown,
    'report-html': files.html,
    'report-junit': files.junit,
    'postgres-version': report.postgres.map(({ version }) => version).join(', '),
  });
}

/** Left empty where nobody knows. */
const sayFate = { yes: 'true', no: 'false', unknown: null } as const;

function listFailures(report: Report): string {
  const failures = collectFailures(report).map(({ title, path, line, subjects }) => ({
    title: tame(title, longestText),
    path: path === null ? null : tame(path, longestText),
    line,
    databases: subjects.slice(0, mostDatabases).map((name) => tame(name, longestText)),
  }));
  return JSON.stringify(failures.slice(0, mostFailures));
}

export function setWatchOutputs({ verdict }: Pick<WatchReport, 'verdict'>, files: ReportFiles): void {
  setOutputs({
    verdict,
    'report-json': files.json,
    'report-markdown': files.markdown,
    'report-html': files.html,
  });
}

export function setReturnOutputs(
  { command, markdown }: Pick<ReturnSettings, 'command' | 'markdown'>,
  { isDone, committed }: { readonly isDone: boolean; readonly committed: Fate },
): void {
  setOutputs({
    verdict: isDone ? 'pass' : 'fail',
    committed: command === 'rollback' ? sayFate[committed] : null,
    'report-markdown': markdown,
  });
}

/** There is nothing to count where nothing was found out. */
export function setObstacleOutputs(command: string | undefined, error: unknown): void {
  const isOfTarget = ['plan', 'deploy', 'rollback'].includes(command ?? '');
  setOutputs({ verdict: 'fail', committed: isOfTarget ? sayCommittedBefore(error) : null });
}

/** Where a database was to be changed, it was not, unless the error says otherwise. */
function sayCommittedBefore(error: unknown): string | null {
  if (error instanceof AfterCommit) return sayFate[error.committed];
  return error instanceof CommitUnknown || error instanceof TransactionEnded ? null : 'false';
}

export function setArtifactUrl(url: string | null): void {
  setOutputs({ 'artifact-url': url });
}

/** Where the report can be read. */
export function setAddresses(addresses: {
  readonly comment: string | null;
  readonly issue: string | null;
  readonly summary: string | null;
}): void {
  setOutputs({
    'comment-url': addresses.comment,
    'issue-url': addresses.issue,
    'summary-url': addresses.summary,
  });
}

/** An output that does not apply stays empty. */
function setOutputs(outputs: Readonly<Record<string, string | number | null>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== null) {
      core.setOutput(name, value);
    }
  }
}
