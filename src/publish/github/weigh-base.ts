/** Takes a report, that of the base, and what fails the job; gives what is told of the base, and whether a FAIL fails the job. */
import type { Report } from '../../model.js';
import { compareBase, isRegression, saySinceBase } from '../../report/compare-base.js';
import type { GitHubSettings } from '../../settings/settings.js';
import type { BaseReport } from './base-report.js';

export interface Weighed {
  /** Sentences for the comment. */
  readonly notes: readonly string[];
  /** Words for its last line. */
  readonly footnotes: readonly string[];
  readonly isBlocking: boolean;
}

/** A deployment that failed always fails the job. */
export function weighBase(
  report: Report,
  base: BaseReport,
  { failOn, baseReport }: Pick<GitHubSettings, 'failOn' | 'baseReport'>,
): Weighed {
  if (report.command !== 'rehearse') return { notes: [], footnotes: [], isBlocking: true };
  const since = base === null || typeof base === 'string' ? null : compareBase(report, base);
  const isBlocking =
    failOn === 'failure' || (failOn === 'regression' && (since === null || isRegression(since)));
  const isFail = report.verdict === 'fail';
  const isAbsent = typeof base === 'string';
  // That nobody keeps one is no news of what passes, and why is in the log.
  const isAbsenceTold = isFail || baseReport !== 'auto';
  return {
    notes: [
      ...(isFail && !isBlocking ? [`Not blocking: fail-on is ${failOn}.`] : []),
      ...(isAbsent && isAbsenceTold ? [base] : []),
      ...(since === null ? [] : [`Since the base: ${saySinceBase(since).join('; ')}.`]),
    ],
    footnotes: isAbsent && !isAbsenceTold ? ['no report of the base'] : [],
    isBlocking,
  };
}
