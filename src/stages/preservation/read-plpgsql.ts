/** The body of a function in PL/pgSQL → its variables, and the SQL that stands in it, which Postgres parses when it comes by. */
import { readTokens } from '../../bundle/read-tokens.js';

export interface Embedded {
  /** A whole statement: an expression and `perform x` are a `select`, and what it is read into is left out. */
  readonly sql: string;
  /** The variable that its row is read into, where it is one; of a cursor `cursor name`. */
  readonly into: string | null;
  /** Whether the function answers with its rows. */
  readonly isAnswer: boolean;
}

export interface Program {
  /** Names as they are written, in lower case unless they are quoted → types as they are written. */
  readonly variables: ReadonlyMap<string, string>;
  readonly embedded: readonly Embedded[];
}

export interface Word {
  /** In lower case, unless it is quoted. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export const wordsOf = (text: string): Word[] =>
  [...readTokens(text)].flatMap(({ kind, from, to }) => {
    if (kind === 'space' || kind === 'unclosed') return [];
    const own = text.slice(from, to);
    return [{ text: kind === 'word' ? own.toLowerCase() : own, from, to }];
  });

/** Words of a statement, which may end before a sign of its own. */
interface Part {
  readonly words: readonly Word[];
  readonly text: string;
}

interface Found {
  readonly variables: Map<string, string>;
  readonly embedded: Embedded[];
}

const query = /^(select|with|values|insert|update|delete|merge|table)$/;
/** What else begins a statement and is no name of a variable. */
const utility =
  /^(abort|alter|analyze|cluster|comment|copy|create|deallocate|discard|drop|explain|grant|import|listen|load|lock|notify|prepare|reassign|refresh|reindex|reset|revoke|security|show|truncate|unlisten|vacuum)$/;
const noSql = /^(raise|get|move|close|execute|null|commit|rollback|exit|continue|when|case|end|call|do|set)$/;

export function readPlpgsql(body: string): Program {
  const words = wordsOf(body);
  const found: Found = { variables: new Map([['found', 'boolean']]), embedded: [] };
  let isDeclaring = false;
  for (let at = 0; at < words.length; ) {
    const text = words[at]?.text ?? '';
    if (text === '<' && words[at + 1]?.text === '<') {
      at = indexOf(words, '>', at) + 2;
    } else if (text === '#') {
      // `#variable_conflict use_column`
      at += 3;
    } else if (/^(begin|else|loop|exception|declare)$/.test(text)) {
      isDeclaring = text === 'declare';
      at += 1;
    } else {
      const end = endOf(words, at, isDeclaring ? null : (stops[text] ?? null));
      const part: Part = { words: words.slice(at, end), text: body };
      if (isDeclaring) readDeclaration(part, found);
      else readStatement(part, found);
      at = end + 1;
    }
  }
  return found;
}

const stops: Readonly<Record<string, string>> = {
  if: 'then',
  elsif: 'then',
  elseif: 'then',
  when: 'then',
  case: 'when',
  while: 'loop',
  for: 'loop',
  foreach: 'loop',
};

/** Of a statement, or of its first line: the place of the semicolon or of the word that ends it. A `case` of SQL has to stand in parentheses there. */
function endOf(words: readonly Word[], from: number, stop: string | null): number {
  let open = 0;
  for (let at = from + 1; at < words.length; at += 1) {
    const text = words[at]?.text;
    if (text === ';') return at;
    if (stop === null) continue;
    if (open === 0 && text === stop) return stop === 'when' ? at - 1 : at;
    if (text === '(') open += 1;
    if (text === ')') open -= 1;
  }
  return words.length;
}

/** Their number where it is not there. */
function indexOf(words: readonly Word[], text: string, from = 0): number {
  const at = words.findIndex((word, place) => place >= from && word.text === text);
  return at < 0 ? words.length : at;
}

const written = ({ words, text }: Part): string =>
  words.length === 0 ? '' : text.slice(words[0]?.from, words.at(-1)?.to);

const rest = ({ words, text }: Part, from: number, to = words.length): Part => ({
  words: words.slice(from, to),
  text,
});

function add(
  { embedded }: Found,
  part: Part,
  { select = false, into = null, isAnswer = false }: Partial<Embedded> & { readonly select?: boolean } = {},
): void {
  if (part.words.length === 0 || !isBalanced(part.words)) return;
  embedded.push({ sql: `${select ? 'select ' : ''}${written(part)}`, into, isAnswer });
}

function isBalanced(words: readonly Word[]): boolean {
  let open = 0;
  for (const { text } of words) {
    if (text === '(') open += 1;
    if (text === ')') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}

/** `name constant type not null := value`, `name cursor for select …`, `name alias for $1`. */
function readDeclaration(part: Part, found: Found): void {
  const { words } = part;
  const name = words[0]?.text ?? '';
  const start = words[1]?.text === 'constant' ? 2 : 1;
  const cursor = indexOf(words, 'cursor');
  if (words[start]?.text === 'alias') {
    found.variables.set(name, `${written(rest(part, start + 2))}%type`);
  } else if (cursor < words.length) {
    const begin = Math.min(indexOf(words, 'for', cursor), indexOf(words, 'is', cursor)) + 1;
    // What it is given has names of its own.
    if (words[cursor + 1]?.text === '(') return;
    add(found, rest(part, begin), { into: `cursor ${name}` });
  } else {
    const given = indexOfGiven(words, start);
    const end = Math.min(given, ...['not', 'collate'].map((word) => indexOf(words, word, start)));
    const type = written(rest(part, start, end)).replace(/\s*%\s*rowtype$/i, '');
    // Of another block: nothing tells which of them is meant.
    found.variables.set(name, (found.variables.get(name) ?? type) === type ? type : 'record');
    add(found, afterGiven(part, given), { select: true });
  }
}

/** The place of `:=`, `=`, `default`. */
const indexOfGiven = (words: readonly Word[], from: number): number =>
  Math.min(...[':', '=', 'default'].map((sign) => indexOf(words, sign, from)));

const afterGiven = (part: Part, given: number): Part =>
  rest(part, given + (part.words[given]?.text === ':' ? 2 : 1));

function readStatement(part: Part, found: Found): void {
  const { words } = part;
  const first = words[0]?.text ?? '';
  if (noSql.test(first)) return;
  if (/^(if|elsif|elseif|while|perform|assert)$/.test(first)) add(found, rest(part, 1), { select: true });
  else if (first === 'foreach') add(found, rest(part, indexOf(words, 'array') + 1), { select: true });
  else if (first === 'for') readLoop(part, found);
  else if (first === 'return') readReturn(part, found);
  else if (first === 'open') readOpen(part, found);
  else if (first === 'fetch') readFetch(part, found);
  else if (query.test(first)) readQuery(part, found);
  else {
    const given =
      utility.test(first) && /^\w/.test(words[1]?.text ?? '') ? words.length : indexOfGiven(words, 1);
    if (given === words.length) {
      readQuery(part, found);
      return;
    }
    if (words[1]?.text === '.') add(found, rest(part, 0, given), { select: true });
    add(found, afterGiven(part, given), { select: true });
  }
}

function readLoop(part: Part, found: Found): void {
  const { words } = part;
  const start = indexOf(words, 'in') + 1;
  const target = words[1]?.text ?? '';
  if (words[start]?.text === 'execute') return;
  if (query.test(words[start]?.text ?? '') || words[start]?.text === '(') {
    add(found, rest(part, start), { into: start === 3 ? target : null });
    return;
  }
  const isCounted = words.some(({ text }, at) => text === '.' && words[at + 1]?.text === '.');
  if (isCounted && !found.variables.has(target)) found.variables.set(target, 'integer');
  else readFrom(words[start]?.text, target, found);
}

/** What a cursor gives is what its query gives. */
function readFrom(cursor: string | undefined, into: string, { embedded, variables }: Found): void {
  if (!variables.has(into)) variables.set(into, 'record');
  const opened = embedded.findLast((one) => one.into === `cursor ${cursor}`);
  if (opened !== undefined) embedded.push({ ...opened, into });
}

function readFetch({ words }: Part, found: Found): void {
  const into = indexOf(words, 'into');
  if (into === words.length - 2) readFrom(words[into - 1]?.text, words[into + 1]?.text ?? '', found);
}

function readOpen(part: Part, found: Found): void {
  const begin = indexOf(part.words, 'for') + 1;
  if (part.words[begin]?.text !== 'execute')
    add(found, rest(part, begin), { into: `cursor ${part.words[1]?.text}` });
}

function readReturn(part: Part, found: Found): void {
  const { words } = part;
  if (words[1]?.text !== 'query') add(found, rest(part, words[1]?.text === 'next' ? 2 : 1), { select: true });
  else if (words[2]?.text !== 'execute') add(found, rest(part, 2), { isAnswer: true });
}

/** `select a, b into strict x, y.z from …`. */
function readQuery(part: Part, found: Found): void {
  const { words } = part;
  let open = 0;
  const into = words.findIndex(({ text }, at) => {
    open += text === '(' ? 1 : text === ')' ? -1 : 0;
    return open === 0 && text === 'into' && !/^(insert|merge)$/.test(words[at - 1]?.text ?? '');
  });
  if (into < 0) {
    add(found, part);
    return;
  }
  const targets: string[] = [];
  let at = words[into + 1]?.text === 'strict' ? into + 2 : into + 1;
  for (; ; at += 1) {
    const from = at;
    at += 1;
    while (words[at]?.text === '.') at += 2;
    if (words[at]?.text === '[') at = indexOf(words, ']', at) + 1;
    targets.push(written(rest(part, from, at)));
    if (words[at]?.text !== ',') break;
  }
  if (!isBalanced(words)) return;
  found.embedded.push({
    sql: `${written(rest(part, 0, into))} ${written(rest(part, at))}`,
    into: targets.length === 1 ? (targets[0]?.toLowerCase() ?? null) : null,
    isAnswer: false,
  });
  for (const target of targets)
    if (target.includes('.')) found.embedded.push({ sql: `select ${target}`, into: null, isAnswer: false });
}
