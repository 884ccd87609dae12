/** Takes a report and gives the markdown of the pull-request comment, the job summary and `--markdown`. */
import type { Report } from '../model.js';
import { renderChecks } from './comment/checks.js';
import { type Detail, detailLevels, type Open, openLevels } from './comment/detail.js';
import { renderDetails } from './comment/details.js';
import { renderFailures } from './comment/failures.js';
import { type ReportContext, renderFooter } from './comment/footer.js';
import { renderHeading, renderReasons } from './comment/heading.js';
import { estimateHeight } from './comment/height.js';
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
  const told = { report, failures: groupFailures(report), context };
  const always = { heading: renderHeading(report), reasons: renderReasons(report) };
  let text = '';
  for (const [level, detail] of detailLevels.entries()) {
    text = renderOnOneScreen(detail, { ...told, ...always, isShortened: level > 0 });
    if (budget === null || size(text, budget) <= budget.limit) return text;
  }
  return text;
}

interface Told {
  readonly report: Report;
  readonly failures: readonly FailureGroup[];
  readonly context: ReportContext | null;
  /** What no step leaves out. */
  readonly heading: string;
  readonly reasons: string | null;
  readonly isShortened: boolean;
}

/** What is too tall in any case is as short as it can be, and says somewhat more of its cause. */
const tooTall: Open = { lines: 2, variants: 1, eachOther: false, passedQuestions: false };

/** Pixels of a comment that is seen whole on a laptop. */
const screen = 600;

/** The cause is seen without scrolling, where it can be: the rest of it unfolds. */
function renderOnOneScreen(detail: Detail, told: Told): string {
  for (const open of openLevels) {
    const text = renderAt(detail, open, told);
    if (estimateHeight(text) <= screen) return text;
  }
  return renderAt(detail, tooTall, told);
}

function renderAt(detail: Detail, open: Open, told: Told): string {
  const { report, failures, context, heading, reasons, isShortened } = told;
  const parts = [
    heading,
    renderNotes(context),
    renderFailures({ report, context, detail, open }, failures),
    reasons,
    renderSettings(report, detail),
    renderChecks(report, detail),
    renderQuestions(report, open),
    renderDetails(report, detail, open),
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
