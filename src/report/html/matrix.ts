/** Every database and every check at a glance, what failed first. */
import type { Report, Skipped, SubjectResult, Verdict } from '../../model.js';
import { isAnyTried } from '../say-rollback.js';
import { checkTotals, isExcused } from '../totals.js';
import { counted, duration } from '../words.js';
import { html, type Markup } from './markup.js';
import { type Sign, signOf } from './table.js';

export function failedFirst(subjects: readonly SubjectResult[]): SubjectResult[] {
  return [...subjects].sort(
    (one, other) => Number(one.outcome === 'pass') - Number(other.outcome === 'pass'),
  );
}

/** A row leads to what is said of its database further down: `#d-NUMBER`, by the place in the report. */
export function renderMatrix(report: Report): Markup | null {
  const { subjects } = report;
  if (subjects.length === 0) return null;
  const checks = checkTotals(report);
  const stages = stagesOf(report);
  const heads = [
    ...checks.map(({ number, title }) => `${number} ${title}`),
    ...stages.map(({ title }) => title),
  ];
  return html`<section id="states"><h2>${counted(subjects.length, 'database')}</h2>
<p class="tools"><label>Filter <input type="search" id="filter" placeholder="a name, a word of a title"></label>
<label><input type="checkbox" id="failing"> only what failed</label> <output id="shown"></output>
<small>Keys: <kbd>/</kbd> filter, <kbd>f</kbd> only what failed, <kbd>j</kbd> <kbd>k</kbd> down and up, <kbd>Enter</kbd> open.
A cell is before and after the fix.</small></p>
<div class="wide"><table class="matrix"><thead><tr><th scope="col">Database</th>${heads.map(
    (head) => html`<th scope="col" class="turned"><span>${head}</span></th>`,
  )}<th scope="col" class="number">Time</th></tr></thead><tbody>${failedFirst(subjects).map((subject) =>
    renderRow(report, subject, { checks, stages }),
  )}</tbody></table></div></section>`;
}

function renderRow(
  report: Report,
  subject: SubjectResult,
  {
    checks,
    stages,
  }: {
    readonly checks: readonly { readonly number: number; readonly title: string }[];
    readonly stages: readonly Stage[];
  },
): Markup {
  const { name, title, outcome, milliseconds } = subject;
  return html`<tr class="state ${outcome}" tabindex="-1"><th scope="row"><a href="#d-${report.subjects.indexOf(subject)}">${name}</a> <small>${title}</small></th>${checks.map(
    (check) => renderCheck(report, subject, check),
  )}${stages.map(({ title, of }) => {
    const sign = of(subject);
    return html`<td class="${sign}" title="${title}: ${words[sign]}">${signOf(sign)}</td>`;
  })}<td class="number">${duration(milliseconds)}</td></tr>`;
}

function renderCheck(
  { sections }: Report,
  { checks }: SubjectResult,
  { number, title }: { readonly number: number; readonly title: string },
): Markup {
  const check = checks.find((one) => one.number === number);
  if (check === undefined) return html`<td class="skipped" title="${title}: not run">–</td>`;
  const [before, after] = [check.before.outcome, check.after.outcome];
  const sign = isExcused(check, sections.isWholeFix) ? 'excused' : after;
  return html`<td class="${sign}" title="${title}: ${words[before]} → ${words[sign]}"><small>${signOf(before)}</small>${signOf(sign)}</td>`;
}

const words: Readonly<Record<Sign, string>> = {
  pass: 'passes',
  fail: 'fails',
  skipped: 'not run',
  info: 'told',
  excused: 'fails as before, which these sections do not repair',
};

interface Stage {
  readonly title: string;
  readonly of: (subject: SubjectResult) => Sign;
}

/** A column of what was tried nowhere says nothing. */
function stagesOf(report: Report): Stage[] {
  const isReturned = isAnyTried(report);
  return everyStage.filter(({ title }) => title !== back || isReturned);
}

const back = 'Rolled back';

const everyStage: readonly Stage[] = [
  { title: 'Scenarios', of: ({ scenarios }) => outcomeOf(scenarios) },
  { title: 'Access', of: ({ access }) => outcomeOf(access) },
  { title: 'Rows', of: ({ preservation }) => outcomeOf(preservation) },
  { title: 'Again', of: ({ rerun }) => outcomeOf(rerun) },
  {
    title: back,
    of: ({ rollback }) => (rollback?.outcome === 'refused' ? 'info' : (rollback?.outcome ?? 'skipped')),
  },
  { title: 'Refused', of: ({ refusal }) => outcomeOf(refusal) },
  { title: 'Verdict', of: ({ outcome }) => outcome },
];

const outcomeOf = ({ outcome }: { readonly outcome: Verdict } | Skipped): Sign => outcome;
