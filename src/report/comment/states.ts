/** One row for each database: its verdict and the numbers behind it. */
import type { Report, SubjectResult } from '../../model.js';
import { codeCell, folded, prose, table } from '../markdown-text.js';
import { count, counted, duration, verdictWord } from '../words.js';
import type { Detail } from './detail.js';

/** Past this many, the passing states are folded away. */
const mostOpen = 15;

export function renderStates({ command, subjects }: Report, detail: Detail): string | null {
  if (subjects.length === 0) return null;
  const failed = subjects.filter(({ outcome }) => outcome === 'fail');
  const passed = subjects.filter(({ outcome }) => outcome === 'pass');
  const title = command === 'rehearse' ? '### States' : '### Database';
  if (subjects.length <= mostOpen && detail.passingStates) return `${title}\n\n${stateTable(subjects)}`;
  const shown = failed.slice(0, detail.rows);
  const left = failed.length - shown.length;
  const parts = [
    shown.length > 0 ? stateTable(shown) : null,
    left > 0 ? `… and ${counted(left, 'more failing state')}` : null,
    passed.length > 0 ? passing(passed, detail) : null,
  ];
  return [title, ...parts.filter((part) => part !== null)].join('\n\n');
}

function passing(passed: readonly SubjectResult[], detail: Detail): string {
  const sentence = `${counted(passed.length, 'state')} passed`;
  if (!detail.passingStates || !detail.folds) return `… and ${sentence}`;
  return folded(sentence, stateTable(passed));
}

function stateTable(subjects: readonly SubjectResult[]): string {
  return table(
    ['', 'State', 'Checks', 'Scenarios', 'Rows accounted for', 'Applied again', 'Time'],
    subjects.map(row),
    ['left', 'left', 'left', 'left', 'left', 'left', 'right'],
  );
}

function row(subject: SubjectResult): string[] {
  const name = `${codeCell(subject.name)}<br>${prose(subject.title)}`;
  const time = duration(subject.milliseconds);
  if (subject.refusal.outcome !== 'skipped') {
    const refusal =
      subject.refusal.outcome === 'pass' ? 'refused, as it must be' : 'not refused as it must be';
    return [verdictWord(subject.outcome), name, refusal, '–', '–', '–', time];
  }
  return [
    verdictWord(subject.outcome),
    name,
    checks(subject),
    scenarios(subject),
    rows(subject),
    again(subject),
    time,
  ];
}

function checks({ checks }: SubjectResult): string {
  const run = checks.filter(({ after }) => after.outcome !== 'skipped');
  if (run.length === 0) return 'not run';
  const before = checks.filter((check) => check.before.outcome === 'pass').length;
  const after = checks.filter((check) => check.after.outcome === 'pass').length;
  return `${count(before)} → ${count(after)} of ${count(checks.length)}`;
}

function scenarios({ scenarios }: SubjectResult): string {
  if (scenarios.outcome === 'skipped') return 'not run';
  const passed = scenarios.scenarios.filter(({ outcome }) => outcome === 'pass').length;
  return `${count(passed)} of ${count(scenarios.scenarios.length)}`;
}

function rows({ preservation }: SubjectResult): string {
  if (preservation.outcome === 'skipped') return 'not run';
  const before = preservation.kinds.reduce((sum, kind) => sum + kind.before, 0);
  const lost = preservation.kinds.reduce((sum, kind) => sum + kind.lost, 0);
  return `${count(before - lost)} of ${count(before)}`;
}

function again({ rerun }: SubjectResult): string {
  if (rerun.outcome === 'skipped') return 'not run';
  return rerun.outcome === 'pass' ? 'nothing changed' : 'something changed';
}
