/** SQL text → its statements, each with where it begins, so that an error can be brought back to its line. */
import { readTokens } from './read-tokens.js';

export interface Statement {
  readonly text: string;
  /** Index of its first character in the file. */
  readonly offset: number;
  /** The line, from 1, that holds its first character. */
  readonly line: number;
}

/** What has to be closed before a semicolon ends the statement. */
export interface Opened {
  readonly parentheses: number;
  readonly blocks: number;
  /** Its first four words, each an initial where it may belong to `create or replace function`: `cf`, `cp`, `corf`, `corp`. */
  readonly beginning: string;
  readonly words: number;
}

export const nothing: Opened = { parentheses: 0, blocks: 0, beginning: '', words: 0 };

/**
 * Splits as psql does: at semicolons outside of quotes, dollar quotes, comments, parentheses and the `begin atomic … end` body
 * of a function or procedure. A statement without anything but comments is left out. Strings are read as with
 * `standard_conforming_strings`, which every session of ours has on.
 */
export function splitStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let start = -1;
  let opened = nothing;
  let line = 1;
  let counted = 0;
  const finish = (end: number) => {
    if (start < 0) return;
    line += countLines(text, counted, start);
    counted = start;
    statements.push({ text: withoutTrailingSpace(text, start, end), offset: start, line });
    start = -1;
  };
  for (const { kind, from, to } of readTokens(text)) {
    if (kind === 'space') continue;
    if (kind === 'semicolon' && opened.parentheses === 0 && opened.blocks === 0) {
      finish(from);
      opened = nothing;
      continue;
    }
    // A comment without its end, too, so that Postgres refuses it: what stands behind it would be left out in silence.
    if (start < 0) start = from;
    if (kind === 'open') opened = { ...opened, parentheses: opened.parentheses + 1 };
    if (kind === 'close') opened = { ...opened, parentheses: Math.max(0, opened.parentheses - 1) };
    if (kind === 'word') opened = readWord(opened, text.slice(from, to).toLowerCase());
  }
  finish(text.length);
  return statements;
}

/** Only what creates a function has blocks: elsewhere `begin` is a name like any other. */
export function readWord(opened: Opened, word: string): Opened {
  const { parentheses, words } = opened;
  const initial = /^(create|or|replace|function|procedure)$/.test(word) ? word[0] : '-';
  const beginning = words < 4 ? opened.beginning + initial : opened.beginning;
  let blocks = opened.blocks;
  if (parentheses === 0 && /^c(or)?[fp]/.test(beginning)) {
    if (word === 'begin' || (word === 'case' && blocks > 0)) blocks += 1;
    if (word === 'end' && blocks > 0) blocks -= 1;
  }
  return { parentheses, blocks, beginning, words: words + 1 };
}

function withoutTrailingSpace(text: string, start: number, end: number): string {
  let last = end;
  while (' \t\n\r\f\v'.includes(text[last - 1] as string)) last -= 1;
  return text.slice(start, last);
}

/** The first word of a statement in lower case: what kind of statement it is. */
export function firstWord(statement: string): string {
  return /^\s*([A-Za-z]+)/.exec(statement)?.[1]?.toLowerCase() ?? '';
}

/** The line, from 1, that holds the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  return countLines(text, 0, offset) + 1;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
