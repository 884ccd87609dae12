/** All that was found out about one database, folded away unless it failed. */
import type { Report, SubjectResult } from '../../model.js';
import { detailRollbacks, sayRollbacks } from '../say-rollback.js';
import { subjectFailures } from '../subject-cases.js';
import { preservedTotals } from '../totals.js';
import { duration } from '../words.js';
import { renderDifferences, renderReach } from './access.js';
import { renderFailure } from './failures.js';
import { html, type Markup } from './markup.js';
import { failedFirst } from './matrix.js';
import { renderFates, renderTotals } from './rows.js';
import { badge, type Column, type Sign, signOf, table } from './table.js';
import { drawTimeline } from './timeline.js';

/** Whoever opens a report of a hundred failures wants to see the first ones. */
const mostOpen = 5;

/** Of more databases what passed is counted, and not listed: the page stays quick. */
const mostWhole = 20;

export function renderSubjects(report: Report): Markup | null {
  if (report.subjects.length === 0) return null;
  const isBrief = report.subjects.length > mostWhole;
  return html`<section id="each"><h2>Each database</h2>${isBrief && html`<p><small>Of so many databases only what failed is listed; the JSON report has everything.</small></p>`}${failedFirst(
    report.subjects,
  ).map((subject, place) =>
    renderSubject(report, subject, { isBrief, isOpen: subject.outcome === 'fail' && place < mostOpen }),
  )}</section>`;
}

interface Manner {
  readonly isBrief: boolean;
  readonly isOpen: boolean;
}

function renderSubject(report: Report, subject: SubjectResult, { isBrief, isOpen }: Manner): Markup {
  const { name, title, outcome, milliseconds } = subject;
  const failures = subjectFailures(subject, report.sections.isWholeFix);
  const parts = [
    ...failures.map(
      (failure) =>
        html`<article class="failure"><h3>${failure.title}</h3>${renderFailure(failure)}</article>`,
    ),
    ...(isBrief ? [] : [renderChecks(subject), renderScenarios(subject)]),
    renderRows(subject),
    renderAccess(subject),
    renderRollback(subject),
    ...(isBrief ? [] : [renderTimeline(subject), renderNotices(subject)]),
  ];
  const opened = isOpen && html` open`;
  const word = badge(outcome === 'pass' ? 'PASS' : 'FAIL');
  return html`<details id="d-${report.subjects.indexOf(subject)}" class="subject"${opened}><summary>${word} <b>${name}</b> ${title} <small>${duration(milliseconds)}</small></summary>${parts}</details>`;
}

const part = (title: string, content: Markup): Markup => html`<h4>${title}</h4>${content}`;

const columns = (...titles: string[]): Column[] => titles.map((title) => ({ title }));

const sign = (outcome: Sign): Markup => html`<span class="${outcome}">${signOf(outcome)}</span>`;

function renderChecks({ checks }: SubjectResult): Markup | null {
  if (checks.length === 0) return null;
  const rows = checks.flatMap(({ number, title, after }) =>
    after.outcome === 'skipped'
      ? [[sign('skipped'), `${number}. ${title}`, after.reason, '', '']]
      : after.assertions.map(({ object, expected, actual, outcome }) => [
          sign(outcome),
          `${number}. ${title}`,
          html`<code>${object}</code>`,
          expected,
          actual,
        ]),
  );
  return part('Checks', table(columns('', 'Check', 'Object', 'Expected', 'Found'), rows));
}

function renderScenarios({ scenarios }: SubjectResult): Markup | null {
  if (scenarios.outcome === 'skipped') return null;
  const rows = scenarios.scenarios.flatMap(({ number, steps }) =>
    steps.map(({ title, actor, outcome, expected, actual, httpStatus }) => [
      sign(outcome),
      number,
      title,
      actor,
      expected,
      actual,
      httpStatus,
    ]),
  );
  const heads = columns('', 'Scenario', 'Step', 'As', 'Expected', 'Got', 'HTTP');
  return part('Scenarios', table(heads, rows));
}

function renderRows(subject: SubjectResult): Markup | null {
  const { preservation } = subject;
  if (preservation.outcome === 'skipped') return null;
  const totals = renderTotals(preservedTotals({ subjects: [subject] }));
  return part('Rows', html`${totals}${renderFates(preservation)}`);
}

function renderAccess({ access }: SubjectResult): Markup | null {
  if (access.outcome === 'skipped') return null;
  return part('Who can do what', html`${renderReach(access.reach ?? [])}${renderDifferences(access)}`);
}

function renderRollback({ name, rollback }: SubjectResult): Markup | null {
  if (rollback === undefined || rollback.outcome === 'skipped') return null;
  const told = { name, ...rollback };
  const items = [sayRollbacks([told]), ...detailRollbacks([told])].map((line) => html`<li>${line}</li>`);
  return part('Rolled back', html`<ul>${items}</ul>`);
}

function renderTimeline({ apply }: SubjectResult): Markup | null {
  return apply.outcome === 'pass' ? part('Timeline', drawTimeline(apply)) : null;
}

function renderNotices({ apply }: SubjectResult): Markup | null {
  const notices =
    apply.outcome === 'skipped'
      ? []
      : apply.sections.flatMap(({ number, notices }) =>
          notices.map((notice) => html`<li>section ${number}: ${notice}</li>`),
        );
  return notices.length === 0 ? null : part('Notices', html`<ul>${notices}</ul>`);
}
