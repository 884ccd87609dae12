/** What was proven beside the checks, a line each. */
import type { Report } from '../../model.js';
import { prose, table } from '../markdown-text.js';
import { collectProofs } from '../proofs.js';
import { unbroken, wordCell } from './signs.js';

export function renderProofs(report: Report): string | null {
  const rows = collectProofs(report).map(({ word, name, lines }) => {
    const text = lines.map(prose).join('<br>');
    return [wordCell(word), unbroken(name), word === 'FAIL' ? `**${text}**` : text];
  });
  return rows.length === 0 ? null : table(['', 'Proof', 'Result'], rows);
}
