/** SQL text → its tokens, as far as it takes to tell statements apart, by the rules of Postgres' own scanner. */

export interface Token {
  /** `space` is comments too, `unclosed` one without its end; `other` is what can hold no word and no semicolon: strings, quoted names, numbers, operators. */
  readonly kind: 'space' | 'unclosed' | 'word' | 'semicolon' | 'open' | 'close' | 'other';
  readonly from: number;
  /** After its last character. What is never closed runs to the end. */
  readonly to: number;
}

const space = /[ \t\n\r\f\v]+/y;
const lineComment = /--[^\n\r]*/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
/** Of one string that goes on in another line, escapes and all. */
const continuation = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;

export function* readTokens(text: string): Generator<Token> {
  let from = 0;
  while (from < text.length) {
    const { kind, to } = readToken(text, from);
    yield { kind, from, to };
    from = to;
  }
}

function readToken(text: string, from: number): Omit<Token, 'from'> {
  const character = text[from] as string;
  const next = text[from + 1];
  if (character === ';') return { kind: 'semicolon', to: from + 1 };
  if (character === '(') return { kind: 'open', to: from + 1 };
  if (character === ')') return { kind: 'close', to: from + 1 };
  if (character === '-' && next === '-') return { kind: 'space', to: endOf(lineComment, text, from) };
  if (character === '/' && next === '*') {
    const end = endOfBlockComment(text, from);
    return end === null ? { kind: 'unclosed', to: text.length } : { kind: 'space', to: end };
  }
  if (character === "'" || character === '"') return { kind: 'other', to: endOfQuote(text, from, character) };
  // `E` is a word unless a quote stands right behind it, and part of one that has begun before.
  if ((character === 'e' || character === 'E') && next === "'") {
    return { kind: 'other', to: endOfEscapeString(text, from + 2) };
  }
  const endOfSpace = endOf(space, text, from);
  if (endOfSpace > from) return { kind: 'space', to: endOfSpace };
  const endOfWord = endOf(word, text, from);
  if (endOfWord > from) return { kind: 'word', to: endOfWord };
  return { kind: 'other', to: character === '$' ? endOfDollarQuote(text, from) : from + 1 };
}

/** `from` where it does not match there. */
function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

function endOfQuote(text: string, from: number, quote: string): number {
  let end = text.indexOf(quote, from + 1);
  while (end >= 0 && text[end + 1] === quote) end = text.indexOf(quote, end + 2);
  return end < 0 ? text.length : end + 1;
}

/** `from` is right after the opening quote. */
function endOfEscapeString(text: string, from: number): number {
  const stop = /['\\]/g;
  stop.lastIndex = from;
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    const after = found.index + 1;
    if (found[0] === '\\' || text[after] === "'") {
      stop.lastIndex = after + 1;
      continue;
    }
    const goesOn = endOf(continuation, text, after);
    if (goesOn === after) return after;
    stop.lastIndex = goesOn;
  }
  return text.length;
}

/** A `$` that opens no quote stands alone: the number of a parameter follows. */
function endOfDollarQuote(text: string, from: number): number {
  const opened = endOf(dollarTag, text, from);
  if (opened === from) return from + 1;
  const tag = text.slice(from, opened);
  const closed = text.indexOf(tag, opened);
  return closed < 0 ? text.length : closed + tag.length;
}

/** Block comments nest in Postgres. */
function endOfBlockComment(text: string, from: number): number | null {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 0;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return null;
}
