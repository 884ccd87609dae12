/** An error of Postgres and the statement that it answered → file, line, column, snippet and caret. */
import type { DatabaseError } from 'pg';
import type { Offset } from '../bundle/find-in-manifest.js';
import type { Statement } from '../bundle/split-statements.js';
import { lineAt } from '../bundle/split-statements.js';
import type { SqlFile, SqlProblem } from '../model.js';
import { adviceFor } from './advice.js';
import { isRaised } from './database-error.js';
import { shorten } from './shorten.js';

/** `firstLine` is where `file.text` begins in the file on disk: a step of a scenario begins further down. */
export function locateProblem(
  error: DatabaseError,
  { file, statement, firstLine = 1 }: { file: SqlFile; statement: Statement | null; firstLine?: number },
): SqlProblem {
  return {
    ...placeIn(file, statement === null ? null : offsetOf(error, statement), firstLine),
    inner: shortenIf(describeInner(error)),
    raisedBy: isRaised(error) ? readCallers(error.where) : null,
    sqlstate: error.code ?? 'XX000',
    message: shorten(error.message),
    detail: shortenIf(error.detail),
    hint: shortenIf(error.hint),
    advice: adviceFor(error.code ?? 'XX000', error.message, error.where),
  };
}

const shortenIf = (text: string | null | undefined) =>
  text === null || text === undefined ? null : shorten(text);

export type Place = Pick<SqlProblem, 'path' | 'line' | 'column' | 'snippet'>;

/** Where a statement begins. */
export function placeOf(file: SqlFile, { offset }: Statement, firstLine: number): Place {
  return placeIn(file, { index: offset, isExact: false }, firstLine);
}

export function placeIn(file: SqlFile, offset: Offset | null, firstLine: number): Place {
  if (offset === null) return { path: file.path, line: null, column: null, snippet: null };
  const { index, isExact } = offset;
  const start = index === 0 ? 0 : file.text.lastIndexOf('\n', index - 1) + 1;
  const end = file.text.indexOf('\n', index);
  const text = file.text.slice(start, end < 0 ? file.text.length : end);
  const column = isExact ? index - start + 1 : null;
  const line = lineAt(file.text, index) + firstLine - 1;
  return { path: file.path, line, column, snippet: snippetOf(text, column) };
}

/** Postgres counts characters of the statement from 1; within a DO block it only names the line of the block's body. */
function offsetOf(error: DatabaseError, statement: Statement): Offset {
  if (error.position !== undefined) {
    return { index: statement.offset + codeUnits(statement.text, Number(error.position) - 1), isExact: true };
  }
  const line = /PL\/pgSQL function inline_code_block line (\d+)/.exec(error.where ?? '')?.[1];
  const body = line === undefined ? null : /\$(\w*)\$/.exec(statement.text);
  if (line === undefined || body === null) return { index: statement.offset, isExact: false };
  const bodyStart = body.index + body[0].length;
  let index = bodyStart;
  for (let skipped = 1; skipped < Number(line); skipped += 1) {
    const next = statement.text.indexOf('\n', index);
    if (next < 0) break;
    index = next + 1;
  }
  return { index: statement.offset + index, isExact: false };
}

/** `public.notify()` or `inline_code_block`, from the innermost to the outermost. */
export function readCallers(where = ''): string[] {
  return (where.match(calledBy) ?? []).map(
    (line) => /function (.*?)(?: line \d+| statement \d+|$)/.exec(line)?.[1] ?? '',
  );
}

/** A caller's line as Postgres writes it; the statements that it repeats between them are left out. */
const calledBy = /^(?:PL\/\w+|SQL) function .*$/gm;

function describeInner({ internalQuery, internalPosition, where = '' }: DatabaseError): string | null {
  const callers = where.match(calledBy) ?? [];
  if (internalQuery === undefined) return callers.some((line) => !isBlock(line)) ? callers.join('\n') : null;
  const index = codeUnits(internalQuery, Number(internalPosition ?? 1) - 1);
  const isExact = internalPosition !== undefined;
  const { snippet } = placeIn({ path: '', text: internalQuery }, { index, isExact }, 1);
  return [snippet, ...callers].join('\n');
}

/** The statement itself, whose line is told already. */
function isBlock(caller: string): boolean {
  return caller.startsWith('PL/pgSQL function inline_code_block');
}

/** Postgres counts characters; JavaScript strings count two for an emoji. */
export function codeUnits(text: string, characters: number): number {
  return [...text].slice(0, characters).join('').length;
}

function snippetOf(text: string, column: number | null): string {
  if (column === null) return text.trimEnd();
  // Tabs stay tabs in the padding, so that the caret stands under its character in any viewer.
  const padding = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${text.trimEnd()}\n${padding}^`;
}
