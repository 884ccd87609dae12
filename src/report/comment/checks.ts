/** The checks, before → after, over all databases; one that failed is never folded away. */
import type { Report } from '../../model.js';
import { checkVerdict, sayChange } from '../check-words.js';
import { groupFailures } from '../failures.js';
import { prose, table } from '../markdown-text.js';
import { appliedSubjects, type CheckTotal, checkTotals } from '../totals.js';
import { counted } from '../words.js';
import type { Detail } from './detail.js';
import { unbroken, wordCell } from './signs.js';

/** From so many on, checks that all passed stand in two columns: a reader sees them at once, without scrolling. */
const fewestInPairs = 5;

export function renderChecks(report: Report, detail: Detail): string | null {
  const totals = checkTotals(report);
  if (report.verdict === 'pass' && totals.length <= detail.rows) {
    if (totals.length === 0) return null;
    return totals.length < fewestInPairs ? checkTable(report, totals) : inPairs(report, totals);
  }
  const failed = totals.filter(isFailed);
  if (detail.failures > 0 && isToldAbove(report, failed)) return null;
  const shown = failed.slice(0, detail.rows);
  const left = failed.length - shown.length;
  const parts = [
    ...(shown.length > 0 ? [failedTable(report, shown)] : []),
    ...(left > 0 ? [`… and ${counted(left, 'more check')} that failed`] : []),
  ];
  return parts.length === 0 ? null : parts.join('\n\n');
}

/** Where something failed, the other checks are looked at later, if at all. */
export function renderOtherChecks(report: Report): string | null {
  const totals = checkTotals(report);
  const isTold = isToldAbove(report, totals.filter(isFailed));
  const others = isTold ? totals : totals.filter((total) => !isFailed(total));
  return report.verdict === 'pass' || others.length === 0 ? null : checkTable(report, others);
}

/** Where one check is all that failed, the heading names it, and what it found follows. */
function isToldAbove(report: Report, failed: readonly CheckTotal[]): boolean {
  return failed.length === 1 && groupFailures(report).length === 1;
}

function isFailed(total: CheckTotal): boolean {
  return ['FAIL', 'UNREPAIRED'].includes(checkVerdict(total));
}

function checkTable(report: Report, totals: readonly CheckTotal[]): string {
  return table(head(report), totals.map(row));
}

function head(report: Report): string[] {
  return ['', 'Check', isSingle(report) ? 'Before → after' : 'Passes on'];
}

/** Few rows, which say themselves what a head would. */
function failedTable(report: Report, totals: readonly CheckTotal[]): string {
  const rows = totals.map((total) => {
    const [word = '', title = ''] = row(total);
    const change = unbroken(`${isSingle(report) ? '' : 'passes on '}${sayChange(total)}`);
    return [word, title, `**${change}**`];
  });
  return table(['', '', ''], rows);
}

function isSingle(report: Report): boolean {
  return appliedSubjects(report).length === 1;
}

function inPairs(report: Report, totals: readonly CheckTotal[]): string {
  const half = Math.ceil(totals.length / 2);
  const rows = totals.slice(0, half).map((left, index) => {
    const right = totals[index + half];
    return [...row(left), ...(right === undefined ? ['', '', ''] : row(right))];
  });
  return table([...head(report), ...head(report)], rows);
}

function row(total: CheckTotal): string[] {
  const title = `${total.number}. ${prose(total.title)}`;
  return [wordCell(checkVerdict(total)), title, unbroken(sayChange(total))];
}
