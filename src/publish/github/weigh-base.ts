/** Takes a report and what fails the job; gives what is told of the base, and whether a FAIL fails the job. */
import { UserError } from '../../errors.js';
import type { Report } from '../../model.js';
import { compareBase, isRegression, saySinceBase } from '../../report/compare-base.js';
import { readReports } from '../../report/read-reports.js';
import type { GitHubSettings } from '../../settings/settings.js';

export interface Weighed {
  /** Sentences for the comment. */
  readonly notes: readonly string[];
  readonly isBlocking: boolean;
}

/** A deployment that failed always fails the job. */
export async function weighBase(
  report: Report,
  { failOn, baseReport }: Pick<GitHubSettings, 'failOn' | 'baseReport'>,
): Promise<Weighed> {
  if (report.command !== 'rehearse') return { notes: [], isBlocking: true };
  const base = baseReport === null ? null : await readBase(baseReport);
  const since = base === null || typeof base === 'string' ? null : compareBase(report, base);
  const isBlocking =
    failOn === 'failure' || (failOn === 'regression' && (since === null || isRegression(since)));
  const isWaived = report.verdict === 'fail' && !isBlocking;
  return {
    notes: [
      ...(isWaived ? [`Not blocking: fail-on is ${failOn}.`] : []),
      ...(typeof base === 'string' ? [base] : []),
      ...(since === null ? [] : [`Since the base: ${saySinceBase(since).join('; ')}.`]),
    ],
    isBlocking,
  };
}

/** The report, or a sentence about why there is none: a base that cannot be read is no base. */
async function readBase(path: string): Promise<Report | string> {
  try {
    const { reports } = await readReports([path]);
    return reports[0]?.report ?? `There is no report of the base: ${path} is not there.`;
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    return `There is no report of the base: ${error.message}`;
  }
}
