/** A file of the bundle → its SQL as somebody is to read it and run it elsewhere. */
import type { SqlFile } from '../model.js';
import { splitStatements } from './split-statements.js';

/**
 * Without the engine's header lines and the marks of mutants, and closed by a semicolon: a check is one query and may have
 * none.
 */
export function renderBody({ text }: SqlFile): string {
  const sql = text
    .split('\n')
    .filter((line) => !line.startsWith('--!') && !/^\s*-- mutant: /.test(line))
    .join('\n')
    .trim();
  // Closed if what follows would be a statement of its own; its last semicolon may be in a comment.
  const isClosed = splitStatements(`${sql}\nnext`).at(-1)?.text === 'next';
  return isClosed ? sql : `${sql}\n;`;
}
