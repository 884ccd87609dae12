/** Takes a report and gives the markdown of the pull-request comment, the job summary and `--markdown`. */
import type { Report } from '../model.js';
import { renderChecks } from './comment/checks.js';
import { type Detail, detailLevels } from './comment/detail.js';
import { renderDetails } from './comment/details.js';
import { renderFailures } from './comment/failures.js';
import { type ReportContext, renderFooter } from './comment/footer.js';
import { renderHeading, renderSummary } from './comment/heading.js';
import { renderProofs } from './comment/proofs.js';
import { renderStates } from './comment/states.js';

export type { ReportContext } from './comment/footer.js';

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
  let text = '';
  for (const [level, detail] of detailLevels.entries()) {
    text = renderAt(report, context, { detail, isShortened: level > 0 });
    if (budget === null || size(text, budget) <= budget.limit) return text;
  }
  return text;
}

function renderAt(
  report: Report,
  context: ReportContext | null,
  { detail, isShortened }: { readonly detail: Detail; readonly isShortened: boolean },
): string {
  const parts = [
    renderHeading(report),
    renderSummary(report),
    renderChecks(report, detail),
    renderProofs(report),
    renderFailures(report, detail),
    renderStates(report, detail),
    renderDetails(report, detail),
    renderFooter(report, context, isShortened),
  ];
  return `${parts.filter((part) => part !== null).join('\n\n')}\n`;
}

function size(text: string, { unit }: Budget): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : text.length;
}
