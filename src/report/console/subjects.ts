/** One line for each database: its verdict and the numbers behind it. */
import stringWidth from 'string-width';
import type { Report, SubjectResult } from '../../model.js';
import { sayRolledBack } from '../say-rollback.js';
import { preservedTotals } from '../totals.js';
import { count, counted, duration } from '../words.js';
import { alignColumns } from './align.js';
import type { Page } from './failures.js';
import { paintVerdict, printable } from './style.js';

/** Where the terminal is too narrow, the numbers are left out. */
export function subjectRows({ subjects }: Report, { colors, columns }: Page): string[] {
  const rows = subjects.map((subject) => ({
    word: paintVerdict(colors, subject.outcome === 'pass' ? 'PASS' : 'FAIL'),
    name: printable(subject.name),
    numbers: subjectNumbers(subject),
    time: colors.dim(duration(subject.milliseconds)),
  }));
  const full = alignColumns(
    rows.map(({ word, name, numbers, time }) => [word, name, ...numbers, time]),
    [7],
  );
  if (full.every((line) => stringWidth(line) + 2 <= columns)) return full;
  return alignColumns(
    rows.map(({ word, name, time }) => [word, name, time]),
    [2],
  );
}

/** Five cells; those of stages that were not run are empty. */
export function subjectNumbers(subject: SubjectResult): string[] {
  const { refusal, checks, scenarios, rerun } = subject;
  if (refusal.outcome !== 'skipped') {
    return [refusal.outcome === 'pass' ? 'refused' : 'not refused as it must be', '', '', '', ''];
  }
  const passed = checks.filter(({ after }) => after.outcome === 'pass').length;
  const isChecked = checks.some(({ after }) => after.outcome !== 'skipped');
  const back = sayRolledBack(subject);
  const held =
    scenarios.outcome === 'skipped' ? [] : scenarios.scenarios.filter(({ outcome }) => outcome === 'pass');
  return [
    isChecked ? `${count(passed)} of ${counted(checks.length, 'check')}` : '',
    scenarios.outcome === 'skipped'
      ? ''
      : `${count(held.length)} of ${counted(scenarios.scenarios.length, 'scenario')}`,
    rows(subject),
    rerun.outcome === 'skipped' ? '' : rerun.outcome === 'pass' ? 'again: no change' : 'again: changed',
    back === '' ? '' : `back: ${back}`,
  ];
}

function rows(subject: SubjectResult): string {
  const totals = preservedTotals({ subjects: [subject] });
  if (totals.length === 0) return '';
  const before = totals.reduce((sum, total) => sum + total.before, 0);
  const found = totals.reduce((sum, total) => sum + total.found, 0);
  return `${count(found)} of ${counted(before, 'row')}`;
}
