/** Rows by what became of them. */
import type { PreservationResult, Report, RowDifference } from '../../model.js';
import { appliedSubjects, type PreservedTotal, preservedTotals } from '../totals.js';
import { count, listed } from '../words.js';
import { html, type Markup } from './markup.js';
import { table } from './table.js';

export function renderRows(report: Report): Markup | null {
  const totals = preservedTotals({ subjects: appliedSubjects(report) });
  if (totals.length === 0) return null;
  return html`<section id="rows"><h2>What became of the rows</h2>${renderTotals(totals)}</section>`;
}

export function renderTotals(totals: readonly PreservedTotal[]): Markup {
  const number = (title: string) => ({ title, isNumber: true });
  const columns = [
    { title: 'Rows' },
    number('before'),
    number('in place'),
    number('moved'),
    number('merged'),
    number('quarantined'),
    number('lost'),
  ];
  return table(
    columns,
    totals.map(({ name, before, inPlace, moved, merged, quarantined, found }) => [
      name,
      ...[before, inPlace, moved, merged, quarantined].map((many) => count(many)),
      before === found ? '0' : html`<b class="fail">${count(before - found)}</b>`,
    ]),
  );
}

/** What was put away, and what is not what it was. */
export function renderFates({ quarantine, comparison, kinds }: PreservationResult): Markup {
  const lost = kinds.flatMap(({ lostRows }) => lostRows);
  return html`${
    quarantine !== null &&
    quarantine.reasons.length > 0 &&
    html`<p>In quarantine: ${listed(
      quarantine.reasons.map(({ reason, rows }) => `${count(rows)}, ${reason}`),
    )}.</p>`
  }${
    lost.length + comparison.differences.length > 0 &&
    html`<ul>${lost.map(
      ({ table: where, facts, word, columns }) =>
        html`<li class="fail"><code>${where}</code>: ${facts} ${word}${columns.length > 0 && ` (${columns.join(', ')})`}</li>`,
    )}${comparison.differences.map(renderDifference)}</ul>`
  }`;
}

function renderDifference({ word, table: where, key, columns }: RowDifference): Markup {
  return html`<li class="fail"><code>${where}</code>${key !== null && `: ${key}`} ${word}${columns.length > 0 && ` (${columns.join(', ')})`}</li>`;
}
