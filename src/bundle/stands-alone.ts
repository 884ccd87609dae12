/** SQL of a manifest → whether it is one expression or query, which stays within the parentheses that it is put into. */
import { readTokens } from './read-tokens.js';

/**
 * It is read as Postgres reads it, and becomes a part of longer statements: what closes a parenthesis that it has not opened,
 * ends the statement, or has a string or a comment run on would have the rest of them mean something else.
 */
export function standsAlone(sql: string): boolean {
  let depth = 1;
  let isClosedAtEnd = false;
  for (const { kind, to } of readTokens(`${sql})`)) {
    if (kind === 'semicolon' || depth === 0) return false;
    if (kind === 'open') depth += 1;
    if (kind === 'close') depth -= 1;
    isClosedAtEnd = kind === 'close' && to === sql.length + 1;
  }
  return depth === 0 && isClosedAtEnd;
}
