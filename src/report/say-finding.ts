/** What was found out about a target before anything was begun → lines of plain text. */
import type { Finding, PreflightResult } from '../model.js';
import { count, counted } from './words.js';

export function sayFinding({ severity, what, remedy }: Finding): string {
  const text = remedy === null ? what : `${what} ${remedy}`;
  return severity === 'note' ? text : `${severity}: ${text}`;
}

/** `Postgres 17.10, database app, role owner; public.notes 3 rows`: what is there, before it is said what is wrong with it. */
export function sayPlace({ serverVersion, database, role, tables }: PreflightResult): string {
  const counts = tables.flatMap(({ table, rows }) =>
    rows === null ? [] : [`${table} ${counted(rows, 'row')}`],
  );
  const missing = tables.filter(({ rows }) => rows === null).length;
  const others = missing === 0 ? [] : [`${count(missing)} not there or not ours to count`];
  const found = [...counts, ...others].join(', ');
  return `Postgres ${serverVersion}, database ${database}, role ${role}${found === '' ? '' : `; ${found}`}`;
}
