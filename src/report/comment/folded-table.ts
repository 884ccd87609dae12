/** A folded table that stays readable however many databases contribute to it. */
import { folded, table } from '../markdown-text.js';
import { count } from '../words.js';

/** Rows of one table. */
const most = 120;

export interface FoldedTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly rightColumns?: readonly number[];
}

/** null where there is nothing to show. */
export function renderFoldedTable({ title, head, rows, rightColumns = [] }: FoldedTable): string | null {
  if (rows.length === 0) return null;
  const left = rows.length - most;
  const more = left > 0 ? `\n\n… and ${count(left)} more` : '';
  return folded(title, table(head, rows.slice(0, most), rightColumns) + more);
}

/** Equal rows become one, with a last column that says how many databases had it; not for a single database. */
export function renderSharedTable({ head, rows, ...rest }: FoldedTable, databases: number): string | null {
  if (databases === 1) return renderFoldedTable({ head, rows, ...rest });
  const seen = new Map<string, { row: readonly string[]; times: number }>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { row, times: 1 });
    else known.times += 1;
  }
  const distinct = [...seen.values()].map(({ row, times }) => [...row, count(times)]);
  return renderFoldedTable({ head: [...head, 'Databases'], rows: distinct, ...rest });
}
