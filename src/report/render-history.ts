/** Deployments and rollbacks of a database → a list for a terminal. */
import type { HistoryEntry } from '../stages/history/list-history.js';
import { makeVisible } from './escape.js';
import { counted } from './words.js';

export function renderHistory(entries: readonly HistoryEntry[], place: string): string {
  if (entries.length === 0) return `Nothing is recorded in ${place}.\n`;
  const lines = entries.map((entry) => makeVisible(sayEntry({ ...entry, id: entry.id.padStart(4) })));
  return `${lines.join('\n')}\n`;
}

/** One line, as it came from the database. */
export function sayEntry(entry: HistoryEntry): string {
  const { id, kind, undoes, undone, at, bundle, role, definitions, rows, kept } = entry;
  const what = kind === 'deployment' ? `deployment of ${bundle}` : `rollback of ${undoes}`;
  const held = [
    `${counted(definitions, 'definition')} changed`,
    ...(rows > 0 ? [counted(rows, 'row as it was', 'rows as they were')] : []),
    ...(kept > 0 ? [counted(kept, 'row of which values were kept', 'rows of which values were kept')] : []),
    ...(undone === null ? [] : [`rolled back by ${undone}`]),
  ];
  return `${id}  ${at.toISOString()}  ${what}, by ${role}: ${held.join(', ')}`;
}
