/** Takes the report, or that there is none; sets the outputs that `action.yml` lists. */
import * as core from '@actions/core';
import type { Report } from '../../model.js';
import type { ReportFiles } from '../../settings/settings.js';

export function setReportOutputs(report: Report, files: ReportFiles): void {
  const { subjects, checks } = report.tallies;
  setOutputs({
    verdict: report.verdict,
    planned: subjects.planned,
    passed: subjects.passed,
    failed: subjects.planned - subjects.passed,
    'checks-passed': checks.passed,
    'checks-failed': checks.executed - checks.passed,
    'report-json': files.json,
    'report-markdown': files.markdown,
    'report-junit': files.junit,
    'postgres-version': report.postgres.map(({ version }) => version).join(', '),
  });
}

/** There is nothing to count where nothing was found out. */
export function setObstacleOutputs(): void {
  setOutputs({ verdict: 'fail' });
}

export function setCommentOutput(url: string | null): void {
  setOutputs({ 'comment-url': url });
}

/** An output that does not apply stays empty. */
function setOutputs(outputs: Readonly<Record<string, string | number | null>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== null) {
      core.setOutput(name, value);
    }
  }
}
