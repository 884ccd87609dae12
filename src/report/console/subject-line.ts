/** One database in one line: what a log says when it is finished and the summary repeats. */
import type { SubjectResult } from '../../model.js';
import { preservedTotals } from '../totals.js';
import { count, duration } from '../words.js';
import { type Colors, paintVerdict, printable } from './style.js';

/** Cells to be aligned with those of the others. */
export function subjectCells(subject: SubjectResult, colors: Colors): string[] {
  return [
    paintVerdict(colors, subject.outcome === 'pass' ? 'PASS' : 'FAIL'),
    printable(subject.name),
    subjectFacts(subject),
    colors.dim(duration(subject.milliseconds)),
  ];
}

/** `8 of 8 checks, 5 of 5 scenarios, 120 of 120 rows, again nothing`; stages that were not run are not mentioned. */
export function subjectFacts(subject: SubjectResult): string {
  const { refusal, checks, scenarios, rerun } = subject;
  if (refusal.outcome !== 'skipped') {
    return refusal.outcome === 'pass' ? 'refused, as it must be' : 'not refused as it must be';
  }
  const passed = checks.filter(({ after }) => after.outcome === 'pass').length;
  const run = checks.filter(({ after }) => after.outcome !== 'skipped').length;
  const preserved = preservedTotals({ subjects: [subject] });
  const rows = preserved.reduce((sum, { before }) => sum + before, 0);
  const found = preserved.reduce((sum, total) => sum + total.found, 0);
  const held =
    scenarios.outcome === 'skipped' ? [] : scenarios.scenarios.filter(({ outcome }) => outcome === 'pass');
  return [
    ...(run > 0 ? [`${count(passed)} of ${count(checks.length)} checks`] : []),
    ...(scenarios.outcome === 'skipped'
      ? []
      : [`${count(held.length)} of ${count(scenarios.scenarios.length)} scenarios`]),
    ...(preserved.length > 0 ? [`${count(found)} of ${count(rows)} rows`] : []),
    ...(rerun.outcome === 'skipped'
      ? []
      : [rerun.outcome === 'pass' ? 'again: no change' : 'again: changed']),
  ].join(', ');
}
