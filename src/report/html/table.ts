/** Tables, and what stands in their cells. */
import type { Verdict } from '../../model.js';
import { type Content, html, type Markup } from './markup.js';

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

export function table(columns: readonly Column[], rows: readonly (readonly Content[])[]): Markup {
  const className = ({ isNumber }: Column) => (isNumber ? 'number' : '');
  return html`<div class="wide"><table><thead><tr>${columns.map(
    (column) => html`<th scope="col" class="${className(column)}">${column.title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${row.map(
        (cell, index) => html`<td class="${className(columns[index] ?? { title: '' })}">${cell}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`;
}

export type Sign = Verdict | 'skipped' | 'info' | 'excused';

const signs: Readonly<Record<Sign, string>> = { pass: '✓', fail: '✗', skipped: '–', info: 'i', excused: '~' };

export const signOf = (sign: Sign): string => signs[sign];

/** A word in the colour of what it says. */
export function badge(word: string): Markup {
  const kind = word === 'PASS' ? 'pass' : ['INFO', 'NOT RUN'].includes(word) ? 'info' : 'fail';
  return html`<b class="badge ${kind}">${word}</b>`;
}
