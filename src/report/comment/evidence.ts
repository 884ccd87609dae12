/** What was looked at, also where it was right: people trust what they can see. */
import type { Assertion, Report, StepResult } from '../../model.js';
import { codeCell, prose } from '../markdown-text.js';
import { appliedSubjects } from '../totals.js';
import { renderSharedTable } from './folded-table.js';

export function renderAssertions(report: Report): string | null {
  const subjects = appliedSubjects(report);
  const rows = subjects.flatMap(({ checks }) =>
    checks.flatMap(({ number, after }) =>
      after.outcome === 'skipped' ? [] : after.assertions.map((assertion) => assertionRow(number, assertion)),
    ),
  );
  const head = ['', 'Check', 'Object', 'Found'];
  return renderSharedTable({ title: 'What the checks looked at', head, rows }, subjects.length);
}

function assertionRow(check: number, { object, expected, actual, outcome }: Assertion): string[] {
  // What is right may be said in other words than what was asked for.
  const found =
    outcome === 'pass' ? codeCell(actual) : `${codeCell(actual)}<br>expected ${codeCell(expected)}`;
  return [word(outcome), String(check), codeCell(object), found];
}

export function renderSteps(report: Report): string | null {
  const subjects = appliedSubjects(report);
  const rows = subjects.flatMap(({ scenarios }) =>
    scenarios.outcome === 'skipped'
      ? []
      : scenarios.scenarios.flatMap(({ number, steps }) => steps.map((step) => stepRow(number, step))),
  );
  const head = ['', 'Scenario', 'Step', 'As', 'Got', 'HTTP'];
  return renderSharedTable({ title: 'Scenarios, step by step', head, rows }, subjects.length);
}

function stepRow(
  scenario: number,
  { title, actor, outcome, expected, actual, httpStatus }: StepResult,
): string[] {
  const got = outcome === 'pass' ? codeCell(actual) : `${codeCell(actual)}<br>expected ${codeCell(expected)}`;
  return [
    word(outcome),
    String(scenario),
    prose(title),
    prose(actor),
    got,
    httpStatus === null ? '' : `${httpStatus}`,
  ];
}

export function renderNotices(report: Report): string | null {
  const subjects = appliedSubjects(report);
  const rows = subjects.flatMap(({ apply }) =>
    apply.outcome === 'skipped'
      ? []
      : apply.sections.flatMap(({ number, notices }) =>
          notices.map((notice) => [`${number}`, codeCell(notice)]),
        ),
  );
  const head = ['Section', 'Notice'];
  return renderSharedTable({ title: 'What the sections said', head, rows }, subjects.length);
}

function word(outcome: Assertion['outcome'] | StepResult['outcome']): string {
  return outcome === 'fail' ? '**FAIL**' : outcome;
}
