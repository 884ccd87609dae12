/** A statement of a log → what it does to which tables, and its words without anything that somebody wrote into it. */
import { readTokens } from '../bundle/read-tokens.js';

export interface StatementShape {
  /** Without values; shortened. */
  readonly text: string;
  /** Names of the fix's that stand in it, as given. */
  readonly names: readonly string[];
  readonly inserts: readonly string[];
  readonly calls: readonly string[];
}

/** Names to look for, `schema.name`. */
export interface KnownNames {
  readonly tables: readonly string[];
  readonly functions: readonly string[];
}

export type ShapeReader = (statement: string) => StatementShape;

const longestShape = 400;
/** A statement of a megabyte of rows says what it is at its beginning. */
const mostTokens = 4000;

interface Word {
  readonly kind: 'word' | 'value' | 'sign';
  /** Folded as Postgres does it. */
  readonly text: string;
  readonly shown: string;
  /** Whether a blank or a comment stands before it. */
  readonly isApart?: boolean;
}

export function createShapeReader({ tables, functions }: KnownNames): ShapeReader {
  const table = byShortName(tables);
  const routine = byShortName(functions);
  const known = new Map<string, StatementShape>();
  return (statement) => {
    const seen = known.get(statement);
    if (seen !== undefined) return seen;
    const shape = readShape(statement, table, routine);
    // Parameters stand apart, so an application has a few hundred statements; one that writes values into them has any number.
    if (known.size >= mostKnown) known.clear();
    if (statement.length <= longestKnown) known.set(statement, shape);
    return shape;
  };
}

const mostKnown = 2000;
const longestKnown = 4000;

type ShortNames = ReadonlyMap<string, readonly { readonly schema: string; readonly name: string }[]>;

function byShortName(names: readonly string[]): ShortNames {
  const found = new Map<string, { schema: string; name: string }[]>();
  for (const name of names) {
    const [schema = '', short = ''] = name.split('.');
    found.set(short, [...(found.get(short) ?? []), { schema, name }]);
  }
  return found;
}

function readShape(statement: string, tables: ShortNames, functions: ShortNames): StatementShape {
  const words = readWords(statement);
  const names = new Set<string>();
  const inserts = new Set<string>();
  const calls = new Set<string>();
  for (const [index, { kind, text }] of words.entries()) {
    if (kind !== 'word') continue;
    const isQualified = words[index - 1]?.text === '.';
    const schema = isQualified ? (words[index - 2]?.text ?? '') : null;
    const matching = (known: ShortNames) =>
      (known.get(text) ?? [])
        .filter((one) => schema === null || one.schema === schema)
        .map(({ name }) => name);
    const before = words[isQualified ? index - 3 : index - 1]?.text;
    for (const name of matching(tables)) {
      names.add(name);
      if (before === 'into' || before === 'copy') inserts.add(name);
    }
    if (words[index + 1]?.text !== '(') continue;
    for (const name of matching(functions)) {
      names.add(name);
      calls.add(name);
    }
  }
  return {
    text: say(words),
    names: [...names].sort(),
    inserts: [...inserts].sort(),
    calls: [...calls].sort(),
  };
}

function readWords(statement: string): Word[] {
  const words: Word[] = [];
  let isGlued = false;
  let isApart = false;
  let count = 0;
  for (const { kind, from, to } of readTokens(statement)) {
    count += 1;
    const text = statement.slice(from, to);
    if (kind === 'space' || kind === 'unclosed') {
      isGlued = false;
      isApart = true;
      continue;
    }
    const word: Word | null = kind === 'word' ? readWord(text, isGlued) : readOther(text);
    // Where it ends nobody knows: a string that another setting ends elsewhere, or that was cut.
    if (word === null || count > mostTokens) {
      words.push({ kind: 'value', text: '…', shown: '…' });
      break;
    }
    isGlued = word.kind === 'value';
    if (isApart || !isGlued || words.at(-1)?.kind !== 'value') words.push({ ...word, isApart });
    isApart = false;
  }
  return words;
}

/** What stands right behind a number or a string is part of it: `0xdead`, `12abc`. */
function readWord(text: string, isGlued: boolean): Word {
  return isGlued
    ? { kind: 'value', text: '?', shown: '?' }
    : { kind: 'word', text: text.toLowerCase(), shown: text.toLowerCase() };
}

function readOther(text: string): Word | null {
  const value: Word = { kind: 'value', text: '?', shown: '?' };
  const [first = ''] = text;
  if (first === '"') {
    const name = text.slice(1, -1);
    if (!text.endsWith('"') || text.length < 2) return null;
    return { kind: 'word', text: name, shown: /^[A-Za-z_][\w$]{0,62}$/.test(name) ? name : '"…"' };
  }
  if (first === "'") return text.length > 1 && text.endsWith("'") && !text.includes('\\') ? value : null;
  if (/^e'/i.test(text)) return text.length > 2 && text.endsWith("'") ? value : null;
  if (first === '$' && text.length > 1) return text.endsWith('$') && text.length > 3 ? value : null;
  if (/\d/.test(first)) return value;
  return { kind: 'sign', text, shown: text };
}

function say(words: readonly Word[]): string {
  let text = '';
  for (const { shown, isApart } of words) {
    text += text === '' || isApart === false ? shown : ` ${shown}`;
    if (text.length > longestShape) return `${text.slice(0, longestShape)}…`;
  }
  // Of 1.5 the point is left.
  return text.replaceAll('?.?', '?');
}
