/** Takes a report and gives the markdown of the pull-request comment, the job summary and `--markdown`. */
import type { Report } from '../model.js';
import { renderChecks } from './comment/checks.js';
import { type Detail, detailLevels } from './comment/detail.js';
import { renderDetails } from './comment/details.js';
import { renderFailures } from './comment/failures.js';
import { type ReportContext, renderFooter } from './comment/footer.js';
import { renderHeading, renderReasons } from './comment/heading.js';
import { renderQuestions } from './comment/questions.js';
import { renderSettings } from './comment/settings.js';
import { type FailureGroup, groupFailures } from './failures.js';
import { sentence } from './markdown-text.js';

export type { LinkedPlace, PlaceInBundle, ReportContext } from './comment/footer.js';

export interface Budget {
  readonly limit: number;
  readonly unit: 'characters' | 'bytes';
}

/** GitHub refuses a longer comment with 422, and drops a longer job summary. */
export const commentBudget: Budget = { limit: 65_536, unit: 'characters' };
export const summaryBudget: Budget = { limit: 1024 * 1024, unit: 'bytes' };

/**
 * Within the budget, the first of the detail levels that fits. `null` is no limit, for a file. Only a budget too small
 * for the heading and one row of each table is exceeded.
 */
export function renderComment(
  report: Report,
  { context, budget }: { readonly context: ReportContext | null; readonly budget: Budget | null },
): string {
  const failures = groupFailures(report);
  let text = '';
  for (const [level, detail] of detailLevels.entries()) {
    text = renderAt(detail, { report, failures, context, isShortened: level > 0 });
    if (budget === null || size(text, budget) <= budget.limit) return text;
  }
  return text;
}

interface Told {
  readonly report: Report;
  readonly failures: readonly FailureGroup[];
  readonly context: ReportContext | null;
  readonly isShortened: boolean;
}

function renderAt(detail: Detail, { report, failures, context, isShortened }: Told): string {
  const parts = [
    renderHeading(report),
    renderNotes(context),
    renderFailures({ report, context, detail }, failures),
    renderReasons(report),
    renderSettings(report, detail),
    renderChecks(report, detail),
    renderQuestions(report),
    renderDetails(report, detail),
    renderFooter(report, context, isShortened),
  ];
  return `${parts.filter((part) => part !== null).join('\n\n')}\n`;
}

function renderNotes(context: ReportContext | null): string | null {
  const notes = context?.notes ?? [];
  return notes.length === 0 ? null : notes.map((note) => `> ${sentence(note)}`).join('\n>\n');
}

function size(text: string, { unit }: Budget): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : text.length;
}
