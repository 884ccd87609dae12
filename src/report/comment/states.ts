/** One row for each database: its verdict and the numbers behind it. */
import type { Report, SubjectResult } from '../../model.js';
import { codeCell, prose, table } from '../markdown-text.js';
import { isAnyTried, sayRolledBack } from '../say-rollback.js';
import { count, counted, duration } from '../words.js';
import type { Detail } from './detail.js';
import { unbroken, verdictCell } from './signs.js';

export function renderStates(report: Report, detail: Detail): string | null {
  const { subjects } = report;
  if (subjects.length === 0) return null;
  const isReturned = isAnyTried(report);
  const failed = subjects.filter(({ outcome }) => outcome === 'fail');
  const passed = subjects.filter(({ outcome }) => outcome === 'pass');
  const shown = [...failed.slice(0, detail.rows), ...(detail.passingStates ? passed : [])];
  const left = failed.length - Math.min(failed.length, detail.rows);
  const parts = [
    shown.length > 0 ? stateTable(shown, isReturned) : null,
    left > 0 ? `… and ${counted(left, 'more database')} that failed` : null,
    passed.length > 0 && !detail.passingStates ? `… and ${counted(passed.length, 'database')} passed` : null,
  ];
  return parts.filter((part) => part !== null).join('\n\n');
}

function stateTable(subjects: readonly SubjectResult[], isReturned: boolean): string {
  const head = ['', 'Database', 'Checks', 'Scenarios', 'Rows accounted for', 'Applied again'];
  const heads = [...head, ...(isReturned ? ['Rolled back'] : []), 'Time'];
  const rows = subjects.map((subject) => row(subject, isReturned));
  return table(heads, rows, [heads.length - 1]);
}

function row(subject: SubjectResult, isReturned: boolean): string[] {
  const { outcome, refusal, milliseconds } = subject;
  const numbers =
    refusal.outcome === 'skipped'
      ? [checks(subject), scenarios(subject), rows(subject), again(subject)]
      : [refusal.outcome === 'pass' ? 'refused, as it must be' : 'not refused as it must be', '–', '–', '–'];
  const name = `${codeCell(subject.name)}<br>${prose(subject.title)}`;
  const back = isReturned ? [sayRolledBack(subject) || '–'] : [];
  return [verdictCell(outcome), name, ...numbers, ...back, unbroken(duration(milliseconds))];
}

function checks({ checks }: SubjectResult): string {
  if (checks.every(({ after }) => after.outcome === 'skipped')) return 'not run';
  const before = checks.filter((check) => check.before.outcome === 'pass').length;
  const after = checks.filter((check) => check.after.outcome === 'pass').length;
  return unbroken(`${count(before)} → ${count(after)} of ${count(checks.length)}`);
}

function scenarios({ scenarios }: SubjectResult): string {
  if (scenarios.outcome === 'skipped') return 'not run';
  const held = scenarios.scenarios.filter(({ outcome }) => outcome === 'pass').length;
  return unbroken(`${count(held)} of ${count(scenarios.scenarios.length)}`);
}

function rows({ preservation }: SubjectResult): string {
  if (preservation.outcome === 'skipped') return 'not run';
  const before = preservation.kinds.reduce((sum, kind) => sum + kind.before, 0);
  const lost = preservation.kinds.reduce((sum, kind) => sum + kind.lost, 0);
  return unbroken(`${count(before - lost)} of ${count(before)}`);
}

function again({ rerun }: SubjectResult): string {
  if (rerun.outcome === 'skipped') return 'not run';
  return rerun.outcome === 'pass' ? 'nothing changed' : 'something changed';
}
