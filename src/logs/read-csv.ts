/** A record of Postgres' csvlog → its entry, or null where it is none. */
import type { LogEntry } from './log-entry.js';

/** How a record of 14 and later begins: log_time, user_name, … */
export const csvStart =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Za-z\d+:-]+,(?:"(?:[^"]|"")*"|[^",]*),(?:"(?:[^"]|"")*"|[^",]*),\d*,/;

const column = {
  time: 0,
  database: 2,
  severity: 11,
  sqlstate: 12,
  message: 13,
  internal: 16,
  context: 18,
  statement: 19,
};

/** 13 has 24 columns, 14 and later 26; a record that was cut has what came before the cut. */
const fewest = 14;

export function readCsv(record: string, readTime: (text: string) => number | null): LogEntry | null {
  const cells = splitCells(record);
  const cell = (at: number) => cells[at] ?? '';
  const at = readTime(cell(column.time));
  const sqlstate = cell(column.sqlstate);
  if (at === null || cells.length < fewest || !/^[0-9A-Z]{5}$/.test(sqlstate)) return null;
  return {
    at,
    severity: cell(column.severity),
    sqlstate,
    database: cell(column.database) || null,
    message: cell(column.message),
    context: `${cell(column.context)}\n${cell(column.internal)}`,
    statement: cell(column.statement) || null,
  };
}

function splitCells(record: string): string[] {
  const cells: string[] = [];
  let from = 0;
  while (from <= record.length) {
    if (record[from] !== '"') {
      const end = record.indexOf(',', from);
      const to = end < 0 ? record.length : end;
      cells.push(record.slice(from, to));
      from = to + 1;
      continue;
    }
    let end = record.indexOf('"', from + 1);
    while (end >= 0 && record[end + 1] === '"') end = record.indexOf('"', end + 2);
    const to = end < 0 ? record.length : end;
    cells.push(record.slice(from + 1, to).replaceAll('""', '"'));
    from = to + 2;
  }
  return cells;
}
