/** The checks, before → after, over all databases; a failing one is never left out. */
import type { CheckComparison, CheckResult, Report, Skipped } from '../../model.js';
import { checkVerdict, sayAfter, sayBefore } from '../check-words.js';
import { prose, table } from '../markdown-text.js';
import { appliedSubjects, type CheckTotal, checkTotals } from '../totals.js';
import { count, counted } from '../words.js';
import type { Detail } from './detail.js';
import { unbroken, wordCell } from './signs.js';

export function renderChecks(report: Report, detail: Detail): string | null {
  const totals = checkTotals(report);
  if (totals.length === 0) return null;
  const { shown, hidden } = within(totals, detail.rows);
  const subjects = appliedSubjects(report);
  const only = subjects.length === 1 ? subjects[0] : undefined;
  const rows = shown.map((total) =>
    row(
      total,
      only?.checks.find(({ number }) => number === total.number),
    ),
  );
  return [table(['', 'Check', 'Before the fix', 'After the fix'], rows), ...hidden].join('\n\n');
}

/** Where there are too many, those that pass are left out first. */
function within(
  totals: readonly CheckTotal[],
  most: number,
): { shown: readonly CheckTotal[]; hidden: string[] } {
  if (totals.length <= most) return { shown: totals, hidden: [] };
  const wrong = totals.filter((total) => checkVerdict(total) !== 'PASS');
  const shown = wrong.slice(0, most);
  const left = wrong.length - shown.length;
  const passed = totals.length - wrong.length;
  const hidden = [
    ...(left > 0 ? [`… and ${counted(left, 'more check')} that did not pass`] : []),
    ...(passed > 0 ? [`… and ${counted(passed, 'check')} that passed`] : []),
  ];
  return { shown, hidden };
}

/** `single` is the comparison itself where there is one database: then its assertions are counted, not databases. */
function row(total: CheckTotal, single: CheckComparison | undefined): string[] {
  const before = sayBefore(total.before) + assertions(single?.before);
  const after = sayAfter(total.after) + notRun(total) + assertions(single?.after);
  const verdict = checkVerdict(total);
  return [
    wordCell(verdict),
    `${total.number}. ${prose(total.title)}`,
    unbroken(before),
    verdict === 'FAIL' ? `**${unbroken(after)}**` : unbroken(after),
  ];
}

function notRun({ after: { passed, failed, skipped } }: CheckTotal): string {
  return skipped > 0 && passed + failed.length > 0 ? `, not run on ${count(skipped)}` : '';
}

function assertions(result: CheckResult | Skipped | undefined): string {
  if (result === undefined || result.outcome === 'skipped' || result.assertions.length === 0) return '';
  const right = result.assertions.filter(({ outcome }) => outcome === 'pass').length;
  return `, ${count(right)} of ${count(result.assertions.length)} right`;
}
