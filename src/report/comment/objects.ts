/** Policies, functions, triggers and the like that are others after the fix, folded away: what a reviewer of the fix reads. */
import type { Report } from '../../model.js';
import { code } from '../markdown-text.js';
import { renderSharedTable } from './folded-table.js';

export function renderObjects({ subjects }: Report): string | null {
  const rows = subjects.flatMap(({ preservation }) =>
    preservation.outcome === 'skipped'
      ? []
      : preservation.comparison.declared.map(({ word, table }) => [code(table), word]),
  );
  return renderSharedTable(
    {
      title: 'Policies, functions, triggers and other objects that the fix made, changed or took away',
      head: ['Object', ''],
      rows,
    },
    subjects.length,
  );
}
