/** SQL text as it comes in, piece by piece → where its next statement, or command of psql, ends. Nothing is looked at twice. */
import { nothing, type Opened, readWord } from '../bundle/split-statements.js';

type Mode = 'code' | 'line comment' | 'block comment' | 'string' | 'escape string' | 'identifier' | 'dollar';

/** Where the scanner stands; indexes count from the beginning of the text it is given. */
export interface Scan {
  index: number;
  /** The first character of the statement that is not white space or a comment; -1: not yet come to. */
  start: number;
  mode: Mode;
  /** Of block comments, which nest in Postgres. */
  depth: number;
  /** `$body$`, while in a string that is quoted so. */
  tag: string;
  opened: Opened;
  /** Whether a backslash escapes in a plain string: `standard_conforming_strings` is off. */
  hasBackslashes: boolean;
}

/** What stopped the scanner: a semicolon (at `index`), a backslash that begins a command of psql (at `index`), or the text's end. */
export type Stop = 'semicolon' | 'backslash' | 'end';

export function beginScan(): Scan {
  return {
    index: 0,
    start: -1,
    mode: 'code',
    depth: 0,
    tag: '',
    opened: nothing,
    hasBackslashes: false,
  };
}

/** After a statement: looks for the next from `index` on. */
export function beginStatement(scan: Scan, index: number): void {
  scan.index = index;
  scan.start = -1;
  scan.mode = 'code';
  scan.opened = nothing;
}

/**
 * Goes on as psql does: a semicolon counts outside of quotes, dollar quotes, comments, parentheses and the body of a SQL
 * function. Where more text may come (`isLast` is false) it stops before what that text could change.
 */
export function scanText(scan: Scan, text: string, isLast: boolean): Stop {
  while (scan.index < text.length) {
    if (scan.mode === 'code') {
      const stop = scanCode(scan, text, isLast);
      if (stop !== null) return stop;
    } else if (!leave[scan.mode](scan, text, isLast)) return 'end';
  }
  return 'end';
}

/** As Postgres has it: what else is white counts as a letter. */
const space = /[ \t\n\r\f\v]+/y;
const plain = /[^'"$;\\()\-/A-Za-z_\u0080-\uffff]+/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const dollarTagBegun = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?$/y;

function scanCode(scan: Scan, text: string, isLast: boolean): Stop | null {
  scan.index += match(space, text, scan.index)?.length ?? 0;
  if (scan.index === text.length) return null;
  const character = text[scan.index] as string;
  const next = text[scan.index + 1];
  if (next === undefined && !isLast && '-/'.includes(character)) return 'end';
  if (character === '-' && next === '-') return enter(scan, 'line comment', 2);
  if (character === '/' && next === '*') {
    scan.depth = 1;
    return enter(scan, 'block comment', 2);
  }
  if (character === ';' && scan.opened.parentheses === 0 && scan.opened.blocks === 0) return 'semicolon';
  if (character === '\\') return 'backslash';
  if (scan.start < 0) scan.start = scan.index;
  if (character === "'") return enter(scan, scan.hasBackslashes ? 'escape string' : 'string', 1);
  if (character === '"') return enter(scan, 'identifier', 1);
  if (character === '$') return scanDollar(scan, text, isLast);
  if (character === '(' || character === ')') {
    const { parentheses } = scan.opened;
    scan.opened = { ...scan.opened, parentheses: Math.max(0, parentheses + (character === '(' ? 1 : -1)) };
  }
  const found = match(word, text, scan.index);
  if (found !== null) return scanWord(scan, text, found, isLast);
  scan.index += match(plain, text, scan.index)?.length ?? 1;
  return null;
}

function scanDollar(scan: Scan, text: string, isLast: boolean): Stop | null {
  const tag = match(dollarTag, text, scan.index);
  if (tag !== null) {
    scan.tag = tag;
    return enter(scan, 'dollar', tag.length);
  }
  if (!isLast && match(dollarTagBegun, text, scan.index) !== null) return 'end';
  scan.index += 1;
  return null;
}

function scanWord(scan: Scan, text: string, found: string, isLast: boolean): Stop | null {
  const end = scan.index + found.length;
  if (end === text.length && !isLast) return 'end';
  const name = found.toLowerCase();
  if (name === 'e' && text[end] === "'") return enter(scan, 'escape string', 2);
  scan.opened = readWord(scan.opened, name);
  scan.index = end;
  return null;
}

function enter(scan: Scan, mode: Mode, characters: number): null {
  scan.mode = mode;
  scan.index += characters;
  return null;
}

type Leave = (scan: Scan, text: string, isLast: boolean) => boolean;

/** Each looks for the end of what hides semicolons; false: it is not in the text, and all but what may be cut in two was seen. */
const leave: Readonly<Record<Exclude<Mode, 'code'>, Leave>> = {
  'line comment': (scan, text) => {
    lineEnd.lastIndex = scan.index;
    return close(scan, lineEnd.exec(text)?.index ?? -1, { length: 1, text, kept: 0 });
  },
  'block comment': (scan, text) => {
    const open = text.indexOf('/*', scan.index);
    const closed = text.indexOf('*/', scan.index);
    if (open >= 0 && (closed < 0 || open < closed)) {
      scan.depth += 1;
      scan.index = open + 2;
      return true;
    }
    if (closed >= 0 && scan.depth > 1) {
      scan.depth -= 1;
      scan.index = closed + 2;
      return true;
    }
    return close(scan, closed, { length: 2, text, kept: 1 });
  },
  string: (scan, text, isLast) => leaveQuotes("'", scan, text, isLast),
  identifier: (scan, text, isLast) => leaveQuotes('"', scan, text, isLast),
  'escape string': (scan, text, isLast) => {
    escapeOrQuote.lastIndex = scan.index;
    const found = escapeOrQuote.exec(text);
    if (found === null) return leaveQuotes("'", scan, text, isLast);
    const after = found.index + 1;
    if (found[0] === '\\' || text[after] === "'") {
      scan.index = after < text.length ? after + 1 : isLast ? text.length : found.index;
      return scan.index > found.index;
    }
    const goesOn = match(continuation, text, after);
    if (goesOn !== null) {
      scan.index = after + goesOn.length;
      return true;
    }
    if (isLast || !onlySpace.test(text.slice(after)))
      return close(scan, found.index, { length: 1, text, kept: 0 });
    scan.index = found.index;
    return false;
  },
  dollar: (scan, text) =>
    close(scan, text.indexOf(scan.tag, scan.index), {
      length: scan.tag.length,
      text,
      kept: scan.tag.length - 1,
    }),
};

const lineEnd = /[\n\r]/g;
const escapeOrQuote = /['\\]/g;
/** Of one string that goes on in another line, escapes and all; and what may be the beginning of that. */
const continuation = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;
const onlySpace = /^(?:[ \t\n\r\f\v]|--[^\n\r]*(?:[\n\r]|$))*-?$/;

/** A doubled quote is a character of what is quoted. */
function leaveQuotes(quote: string, scan: Scan, text: string, isLast: boolean): boolean {
  const at = text.indexOf(quote, scan.index);
  if (at >= 0 && text[at + 1] === quote) {
    scan.index = at + 2;
    return true;
  }
  if (at >= 0 && at + 1 === text.length && !isLast) {
    scan.index = at;
    return false;
  }
  return close(scan, at, { length: 1, text, kept: 0 });
}

function close(
  scan: Scan,
  at: number,
  { length, text, kept }: { length: number; text: string; kept: number },
): boolean {
  if (at < 0) {
    scan.index = Math.max(scan.index, text.length - kept);
    return false;
  }
  scan.mode = 'code';
  scan.index = at + length;
  return true;
}

function match(pattern: RegExp, text: string, index: number): string | null {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? null;
}
