/** SQL text → its statements, each with where it begins, so that an error can be brought back to its line. */

export interface Statement {
  readonly text: string;
  /** Index of its first character in the file. */
  readonly offset: number;
}

/** What may hide a semicolon: tried in this order at every character. */
const opaque = [
  /--[^\n]*/y,
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/y,
] as const;

const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;

/**
 * Splits as psql does: at semicolons outside of quotes, dollar quotes, comments, parentheses and the `begin atomic … end`
 * body of a SQL function. A statement without anything but comments is left out.
 */
export function splitStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let start = -1;
  let parentheses = 0;
  let blocks = 0;
  let previousWord = '';
  let index = 0;

  const finish = (end: number) => {
    if (start >= 0) statements.push({ text: text.slice(start, end).trimEnd(), offset: start });
    start = -1;
    parentheses = 0;
    blocks = 0;
    previousWord = '';
  };

  while (index < text.length) {
    const character = text[index] as string;
    const comment = character === '/' && text[index + 1] === '*' ? endOfBlockComment(text, index) : null;
    const hidden = comment ?? endOfOpaque(text, index);
    if (hidden !== null) {
      const isComment = comment !== null || text.startsWith('--', index);
      if (!isComment && start < 0) start = index;
      index = hidden;
      continue;
    }
    if (character === ';' && parentheses === 0 && blocks === 0) {
      finish(index);
      index += 1;
      continue;
    }
    if (start < 0 && !/\s/.test(character)) start = index;
    if (character === '(') parentheses += 1;
    if (character === ')') parentheses = Math.max(0, parentheses - 1);
    const found = match(word, text, index);
    if (found === null) {
      index += 1;
      continue;
    }
    const name = found.toLowerCase();
    if (name === 'atomic' && previousWord === 'begin') blocks += 1;
    else if (blocks > 0 && name === 'case') blocks += 1;
    else if (blocks > 0 && name === 'end') blocks -= 1;
    previousWord = name;
    index += found.length;
  }
  finish(text.length);
  return statements;
}

/** The first word of a statement in lower case, past comments: what kind of statement it is. */
export function firstWord(statement: string): string {
  return /^\s*([A-Za-z]+)/.exec(statement)?.[1]?.toLowerCase() ?? '';
}

/** The line, from 1, that holds the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function match(pattern: RegExp, text: string, index: number): string | null {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? null;
}

function endOfOpaque(text: string, index: number): number | null {
  // An `e` that ends a longer word does not open an escape string, nor does `$` within one open a dollar quote.
  const isInWord = index > 0 && /[\w$]/.test(text[index - 1] as string);
  for (const pattern of opaque) {
    if (isInWord && (pattern === opaque[1] || pattern === opaque[4])) continue;
    const found = match(pattern, text, index);
    if (found !== null) return index + found.length;
  }
  return null;
}

/** Block comments nest in Postgres. An unclosed one runs to the end. */
function endOfBlockComment(text: string, index: number): number {
  let depth = 0;
  let position = index;
  while (position < text.length) {
    if (text.startsWith('/*', position)) {
      depth += 1;
      position += 2;
    } else if (text.startsWith('*/', position)) {
      depth -= 1;
      position += 2;
      if (depth === 0) return position;
    } else position += 1;
  }
  return text.length;
}
