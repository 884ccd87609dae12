/** The checks, before → after, over all databases; a failing one is never left out. */
import type { CheckComparison, CheckResult, Report, Skipped } from '../../model.js';
import { checkVerdict, sayAfter, sayBefore } from '../check-words.js';
import { codeCell, prose, table } from '../markdown-text.js';
import { appliedSubjects, type CheckTotal, checkTotals, type Outcomes } from '../totals.js';
import { count, counted, listed } from '../words.js';
import type { Detail } from './detail.js';

export function renderChecks(report: Report, detail: Detail): string | null {
  const totals = checkTotals(report);
  if (totals.length === 0) return null;
  const subjects = appliedSubjects(report);
  const [only] = subjects;
  const cells =
    subjects.length === 1 && only !== undefined
      ? totals.map((total) => singleRow(total, only.checks))
      : totals.map(sharedRow);
  const { shown, hidden } = withinRows(totals, cells, detail.rows);
  return [table(['', 'Check', 'Before the fix', 'After the fix'], shown), hidden]
    .filter(Boolean)
    .join('\n\n');
}

/** Rows of failing checks come before the limit is felt; order stays that of the numbers. */
function withinRows(totals: readonly CheckTotal[], cells: readonly string[][], most: number) {
  if (cells.length <= most) return { shown: cells, hidden: '' };
  const failing = cells.filter((_, index) => checkVerdict(totals[index] as CheckTotal) !== 'PASS');
  const shown = failing.slice(0, Math.max(most, 1));
  const left = failing.length - shown.length;
  const passed = cells.length - failing.length;
  const hidden = [
    ...(left > 0 ? [`… and ${counted(left, 'more failing check')}`] : []),
    ...(passed > 0 ? [`… and ${counted(passed, 'passing check')}`] : []),
  ].join(', ');
  return { shown, hidden };
}

const signs = {
  PASS: '✅ PASS',
  FAIL: '❌ FAIL',
  'NOT RUN': '⚠️ NOT RUN',
  UNREPAIRED: '⚠️ UNREPAIRED',
} as const;

function sharedRow(total: CheckTotal): string[] {
  return [signs[checkVerdict(total)], name(total), sayBefore(total.before), afterCell(total.after)];
}

function afterCell(after: Outcomes): string {
  const where = after.failed.length > 0 ? `: ${listed(after.failed.map(codeCell), 3)}` : '';
  const ran = after.passed + after.failed.length;
  const skipped = after.skipped > 0 && ran > 0 ? `, not run on ${count(after.skipped)}` : '';
  return `${sayAfter(after)}${where}${skipped}`;
}

function singleRow(total: CheckTotal, checks: readonly CheckComparison[]): string[] {
  const check = checks.find(({ number }) => number === total.number);
  const [before, after] =
    check === undefined ? ['', ''] : [assertions(check.before), assertions(check.after)];
  return [
    signs[checkVerdict(total)],
    name(total),
    sayBefore(total.before) + before,
    sayAfter(total.after) + after,
  ];
}

function assertions(result: CheckResult | Skipped): string {
  if (result.outcome === 'skipped' || result.assertions.length === 0) return '';
  const right = result.assertions.filter(({ outcome }) => outcome === 'pass').length;
  return `, ${count(right)} of ${count(result.assertions.length)} right`;
}

function name({ number, title }: CheckTotal): string {
  return `${number}. ${prose(title)}`;
}
