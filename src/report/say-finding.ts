/** What was found out about a target before anything was begun → one line of plain text. */
import type { Finding } from '../model.js';

export function sayFinding({ severity, what, remedy }: Finding): string {
  const text = remedy === null ? what : `${what} ${remedy}`;
  return severity === 'note' ? text : `${severity}: ${text}`;
}
