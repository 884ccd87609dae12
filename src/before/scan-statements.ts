/** SQL text as it comes in, piece by piece → where its next statement, or command of psql, ends. Nothing is looked at twice. */

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
  parentheses: number;
  /** Of `begin atomic … end` and the `case … end` within it. */
  blocks: number;
  previousWord: string;
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
    parentheses: 0,
    blocks: 0,
    previousWord: '',
    hasBackslashes: false,
  };
}

/** After a statement: looks for the next from `index` on. */
export function beginStatement(scan: Scan, index: number): void {
  scan.index = index;
  scan.start = -1;
  scan.mode = 'code';
  scan.parentheses = 0;
  scan.blocks = 0;
  scan.previousWord = '';
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

const space = /\s+/y;
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
  if (character === ';' && scan.parentheses === 0 && scan.blocks === 0) return 'semicolon';
  if (character === '\\') return 'backslash';
  if (scan.start < 0) scan.start = scan.index;
  if (character === "'") return enter(scan, scan.hasBackslashes ? 'escape string' : 'string', 1);
  if (character === '"') return enter(scan, 'identifier', 1);
  if (character === '$') return scanDollar(scan, text, isLast);
  if (character === '(') scan.parentheses += 1;
  if (character === ')') scan.parentheses = Math.max(0, scan.parentheses - 1);
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
  if (name === 'atomic' && scan.previousWord === 'begin' && isRoutine.test(text.slice(scan.start, end))) {
    scan.blocks += 1;
  } else if (scan.blocks > 0 && name === 'case') scan.blocks += 1;
  else if (scan.blocks > 0 && name === 'end') scan.blocks -= 1;
  scan.previousWord = name;
  scan.index = end;
  return null;
}

/** Only what creates a function has such a body: elsewhere `begin` is a name like any other. */
const isRoutine = /^create\s+(or\s+replace\s+)?(function|procedure)\b/i;

function enter(scan: Scan, mode: Mode, characters: number): null {
  scan.mode = mode;
  scan.index += characters;
  return null;
}

type Leave = (scan: Scan, text: string, isLast: boolean) => boolean;

/** Each looks for the end of what hides semicolons; false: it is not in the text, and all but what may be cut in two was seen. */
const leave: Readonly<Record<Exclude<Mode, 'code'>, Leave>> = {
  'line comment': (scan, text) => close(scan, text.indexOf('\n', scan.index), { length: 1, text, kept: 0 }),
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
    if (found?.[0] !== '\\') return leaveQuotes("'", scan, text, isLast);
    if (found.index + 1 < text.length) scan.index = found.index + 2;
    else scan.index = isLast ? text.length : found.index;
    return scan.index > found.index;
  },
  dollar: (scan, text) =>
    close(scan, text.indexOf(scan.tag, scan.index), {
      length: scan.tag.length,
      text,
      kept: scan.tag.length - 1,
    }),
};

const escapeOrQuote = /['\\]/g;

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
