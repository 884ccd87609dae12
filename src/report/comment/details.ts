/** What is folded away: for whoever wants to see for himself. */
import type { CheckResult, Report, ScenarioResult, Skipped, StepResult } from '../../model.js';
import { codeCell, folded, prose, table } from '../markdown-text.js';
import { appliedSubjects, checkTotals, longestLocks } from '../totals.js';
import { count, duration } from '../words.js';
import type { Detail } from './detail.js';
import { tallyRows } from './tally-rows.js';

/** Rows of one folded table. */
const most = 120;

export function renderDetails(report: Report, detail: Detail): string | null {
  if (!detail.folds) return null;
  const parts = [
    ...(detail.passing ? [assertions(report), steps(report), notices(report)] : []),
    matrix(report),
    rows(report),
    locks(report),
    sections(report),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('\n\n');
}

function assertions(report: Report): string | null {
  const found = appliedSubjects(report).flatMap(({ checks }) =>
    checks.flatMap(({ number, after }) =>
      after.outcome === 'skipped'
        ? []
        : after.assertions.map((assertion) => [
            assertion.outcome === 'pass' ? 'pass' : 'FAIL',
            String(number),
            codeCell(assertion.object),
            codeCell(assertion.expected),
            codeCell(assertion.actual),
          ]),
    ),
  );
  return foldedTable(
    'What the checks looked at',
    ['', 'Check', 'Object', 'Expected', 'Found', 'Databases'],
    found,
  );
}

function steps(report: Report): string | null {
  const found = report.subjects.flatMap(({ scenarios }) =>
    scenarios.outcome === 'skipped'
      ? []
      : scenarios.scenarios.flatMap((scenario) => scenario.steps.map((step) => stepRow(scenario, step))),
  );
  const head = ['', 'Scenario', 'Step', 'As', 'Expected', 'Got', 'HTTP', 'Databases'];
  return foldedTable('Scenarios, step by step', head, found);
}

function stepRow({ number }: ScenarioResult, step: StepResult): string[] {
  return [
    step.outcome === 'fail' ? 'FAIL' : step.outcome,
    String(number),
    prose(step.title),
    prose(step.actor),
    codeCell(step.expected),
    codeCell(step.actual),
    step.httpStatus === null ? '' : String(step.httpStatus),
  ];
}

function notices(report: Report): string | null {
  const found = report.subjects.flatMap(({ apply }) =>
    apply.outcome === 'skipped'
      ? []
      : apply.sections.flatMap(({ number, notices }) =>
          notices.map((notice) => [String(number), codeCell(notice)]),
        ),
  );
  return foldedTable('What the sections said', ['Section', 'Notice', 'Databases'], found);
}

function matrix(report: Report): string | null {
  const subjects = appliedSubjects(report);
  const checks = checkTotals(report);
  if (subjects.length < 2) return null;
  const word = (result: CheckResult | Skipped | undefined) =>
    result === undefined || result.outcome === 'skipped' ? '–' : result.outcome === 'fail' ? 'FAIL' : 'pass';
  const found = subjects.slice(0, most).map((subject) => [
    codeCell(subject.name),
    ...checks.map(({ number }) => {
      const check = subject.checks.find((candidate) => candidate.number === number);
      return `${word(check?.before)} → ${word(check?.after)}`;
    }),
  ]);
  const head = ['State', ...checks.map(({ number }) => `Check ${number}`)];
  return folded('Every check on every state, before → after', table(head, found));
}

function rows(report: Report): string | null {
  const found = report.subjects.flatMap(({ name, preservation }) =>
    preservation.outcome === 'skipped'
      ? []
      : preservation.kinds.map((kind) => [
          codeCell(name),
          prose(kind.name),
          ...[kind.before, kind.inPlace, kind.moved, kind.merged, kind.quarantined, kind.lost].map(count),
        ]),
  );
  if (found.length === 0) return null;
  const head = ['Database', 'Rows', 'Before', 'In place', 'Moved', 'Merged', 'Quarantined', 'Lost'];
  const right = Array.from({ length: 6 }, () => 'right' as const);
  return folded('Rows, kind by kind', table(head, found.slice(0, most), ['left', 'left', ...right]));
}

function locks(report: Report): string | null {
  const found = longestLocks(report).map(({ section, relation, mode, milliseconds }) => [
    String(section),
    codeCell(relation),
    codeCell(mode),
    duration(milliseconds),
  ]);
  if (found.length === 0) return null;
  const head = ['Since section', 'Relation', 'Mode', 'Held for at most'];
  return folded('Locks taken', table(head, found.slice(0, most), ['left', 'left', 'left', 'right']));
}

function sections(report: Report): string | null {
  const slowest = new Map<number, { title: string; milliseconds: number }>();
  for (const { apply } of report.subjects) {
    if (apply.outcome === 'skipped') continue;
    for (const { number, title, milliseconds } of apply.sections) {
      slowest.set(number, {
        title,
        milliseconds: Math.max(milliseconds, slowest.get(number)?.milliseconds ?? 0),
      });
    }
  }
  if (slowest.size === 0) return null;
  const found = [...slowest].map(([number, { title, milliseconds }]) => [
    `${number}. ${prose(title)}`,
    duration(milliseconds),
  ]);
  return folded('Sections and how long they took', table(['Section', 'At most'], found, ['left', 'right']));
}

/** Equal rows of several databases become one that says how many there were. */
function foldedTable(title: string, head: readonly string[], all: readonly string[][]): string | null {
  if (all.length === 0) return null;
  const distinct = tallyRows(all);
  const shown = distinct.slice(0, most).map(({ cells, times }) => [...cells, count(times)]);
  const left = distinct.length - shown.length;
  return folded(title, table(head, shown) + (left > 0 ? `\n\n… and ${count(left)} more` : ''));
}
