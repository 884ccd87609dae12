/** Who can do what with the rows of which table, before the fix → after it, and each difference in words. */
import type { AccessResult, AccessVerb, ReachResult, Report, SubjectResult } from '../../model.js';
import { sayDifference } from '../say-access.js';
import { appliedSubjects } from '../totals.js';
import { count, counted } from '../words.js';
import { html, type Markup } from './markup.js';

const verbs: readonly AccessVerb[] = ['read', 'change', 'delete', 'add'];

export function renderAccess(report: Report): Markup | null {
  const results = appliedSubjects(report).flatMap(accessOf);
  const reach = addUp(results.flatMap((result) => result.reach ?? []));
  if (results.length === 0) return null;
  const where = results.length === 1 ? '' : `, on ${counted(results.length, 'database')} together`;
  return html`<section id="access"><h2>Who can do what, before → after</h2>
<p><small>Rows that people reach, a person and a row each${where}. What differs is marked; whether that is declared is said with each database.</small></p>${renderReach(reach)}</section>`;
}

function accessOf({ access }: SubjectResult): AccessResult[] {
  return access.outcome === 'skipped' ? [] : [access];
}

export function renderReach(reach: readonly ReachResult[]): Markup {
  if (reach.length === 0) return html`<p>Nobody reached a row, before or after.</p>`;
  const tables = [...new Set(reach.map(({ table }) => table))];
  return html`<div class="wide"><table><thead><tr><th scope="col">Table</th><th scope="col">Who</th>${verbs.map(
    (verb) => html`<th scope="col" class="number">${verb}</th>`,
  )}</tr></thead>${tables.map((table) => {
    const rows = reach.filter((one) => one.table === table);
    return html`<tbody>${rows.map(
      (row, index) =>
        html`<tr>${index === 0 && html`<th scope="rowgroup" rowspan="${rows.length}"><code>${table}</code></th>`}<td>${nameOf(row)}</td>${verbs.map(
          (verb) => renderCell(row.before[verb], row.after[verb]),
        )}</tr>`,
    )}</tbody>`;
  })}</table></div>`;
}

const names: Readonly<Record<ReachResult['who'], string>> = {
  'in the data': 'people in the data',
  actor: 'actors of the scenarios',
  stranger: 'a stranger',
  visitor: 'a visitor, not signed in',
};

function nameOf({ who, role, people }: ReachResult): Markup {
  const number = who === 'in the data' || who === 'actor' ? ` (${count(people)})` : '';
  return html`${names[who]}${number} <small>as ${role}</small>`;
}

function renderCell(before: number | null, after: number | null): Markup {
  if (before === after) return html`<td class="number same">${sayNumber(after)}</td>`;
  const change = before !== null && after !== null && after < before ? 'fewer' : 'more';
  return html`<td class="number ${change}">${sayNumber(before)} → <b>${sayNumber(after)}</b></td>`;
}

const sayNumber = (number: number | null): string => (number === null ? 'error' : count(number));

/** Of several databases the numbers are added; where one of them answered with an error, so does the sum. */
function addUp(reach: readonly ReachResult[]): ReachResult[] {
  const sums = new Map<string, ReachResult>();
  for (const one of reach) {
    const key = JSON.stringify([one.table, one.who, one.role]);
    const known = sums.get(key);
    sums.set(
      key,
      known === undefined
        ? one
        : {
            ...one,
            people: known.people + one.people,
            before: add(known.before, one.before),
            after: add(known.after, one.after),
          },
    );
  }
  return [...sums.values()].sort((one, other) =>
    one.table < other.table ? -1 : Number(one.table > other.table),
  );
}

function add(one: ReachResult['before'], other: ReachResult['before']): ReachResult['before'] {
  const sum = (verb: AccessVerb) => {
    const [first, second] = [one[verb], other[verb]];
    return first === null || second === null ? null : first + second;
  };
  return { read: sum('read'), change: sum('change'), delete: sum('delete'), add: sum('add') };
}

/** Undeclared ones come first in the report. */
export function renderDifferences({ differences, reasons, unseen }: AccessResult): Markup {
  return html`${
    differences.length > 0 &&
    html`<ul>${differences.map(
      (difference) =>
        html`<li class="${difference.isDeclared ? '' : 'fail'}">${sayDifference(difference)}${difference.isDeclared && html` <small>declared</small>`}</li>`,
    )}</ul>`
  }${reasons.length > 0 && html`<ul>${reasons.map((reason) => html`<li class="fail">${reason}</li>`)}</ul>`}${
    unseen.length > 0 && html`<p><small>Not looked at: ${unseen.join('; ')}.</small></p>`
  }`;
}
