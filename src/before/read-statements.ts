/** A stream of SQL text → its statements, rows of COPY and commands of psql, one by one: never more of it in memory than one statement. */

import { UserError } from '../errors.js';
import { beginScan, beginStatement, scanText } from './scan-statements.js';
import { isCopyFromStdin, turnsBackslashes } from './statement-words.js';

export interface ScriptStatement {
  readonly kind: 'statement';
  readonly text: string;
  /** Where it begins: 1 is the first line. */
  readonly line: number;
  /** What stands before it on that line. */
  readonly indent: string;
}

export type ScriptItem =
  | ScriptStatement
  /** Whole lines, the first of them at `firstRow`. They must be read, or left, before the next item is asked for. */
  | {
      readonly kind: 'copy';
      readonly text: string;
      readonly line: number;
      readonly indent: string;
      readonly firstRow: number;
      readonly rows: AsyncGenerator<string>;
    }
  /** `isInStatement`: it stands where a statement is not at its end. */
  | {
      readonly kind: 'command';
      readonly text: string;
      readonly line: number;
      readonly isInStatement: boolean;
    };

export interface Script {
  readonly path: string;
  /** A dump ends each of its statements with a semicolon. */
  readonly isDump: boolean;
  readonly text: AsyncIterable<string>;
}

/**
 * Lines count from 1; line ends are `\n` alone. Throws a UserError where the text ends within a comment, within rows or, of a
 * dump, within a statement: what was to follow is not there. The text is closed when the reader leaves.
 */
export async function* readStatements(script: Script): AsyncGenerator<ScriptItem> {
  const feed = openFeed(script.text);
  try {
    yield* readFeed(feed, script);
  } finally {
    await feed.close();
  }
}

async function* readFeed(feed: Feed, script: Script): AsyncGenerator<ScriptItem> {
  const scan = beginScan();
  for (;;) {
    const stop = scanText(scan, feed.text, feed.isAtEnd);
    if (stop === 'end') {
      if (!feed.isAtEnd) {
        // What hides nothing need not be kept: comments before a statement may be as long as they like.
        if (scan.start < 0) scan.index -= feed.drop(scan.index);
        await feed.more();
        continue;
      }
      if (scan.mode === 'block comment') throw endsWithin(script, 'a comment', feed.lineAt(feed.text.length));
      if (scan.start < 0) return;
      const last = takeStatement(feed, scan.start, feed.text.length);
      if (script.isDump) throw endsWithin(script, 'a statement', last.line);
      yield { kind: 'statement', ...last };
      return;
    }
    if (stop === 'backslash') {
      const isInStatement = scan.start >= 0;
      const from = scan.index;
      const end = await endOfLine(feed, from);
      const text = feed.text.slice(from, end).trimEnd();
      yield { kind: 'command', text, line: feed.lineAt(from), isInStatement };
      feed.drop(end);
      beginStatement(scan, 0);
      continue;
    }
    if (scan.start < 0) {
      beginStatement(scan, scan.index + 1);
      continue;
    }
    const end = scan.index;
    const statement = takeStatement(feed, scan.start, end);
    feed.drop(end + 1);
    beginStatement(scan, 0);
    scan.hasBackslashes = turnsBackslashes(statement.text) ?? scan.hasBackslashes;
    if (!isCopyFromStdin(statement.text)) {
      yield { kind: 'statement', ...statement };
      continue;
    }
    const rest = await endOfLine(feed, 0);
    feed.drop(Math.min(feed.text.length, rest + 1));
    const reading = { isDone: false };
    yield { kind: 'copy', ...statement, firstRow: feed.lineAt(0), rows: readRows(feed, script, reading) };
    // Rows that nobody wanted are passed over.
    while (!reading.isDone) for await (const _ of readRows(feed, script, reading));
  }
}

interface Feed {
  readonly text: string;
  readonly isAtEnd: boolean;
  more(): Promise<void>;
  /** Lets go of the first characters, and says how many. */
  drop(characters: number): number;
  lineAt(index: number): number;
  close(): Promise<void>;
}

function openFeed(chunks: AsyncIterable<string>): Feed {
  const iterator = chunks[Symbol.asyncIterator]();
  const state = { text: '', isAtEnd: false, line: 1 };
  return {
    get text() {
      return state.text;
    },
    get isAtEnd() {
      return state.isAtEnd;
    },
    async more() {
      const { value, done } = await iterator.next();
      if (done === true) state.isAtEnd = true;
      else state.text += value;
    },
    drop(characters) {
      state.line += countLines(state.text, characters);
      state.text = state.text.slice(characters);
      return characters;
    },
    lineAt(index) {
      return state.line + countLines(state.text, index);
    },
    async close() {
      await iterator.return?.(undefined);
    },
  };
}

function endsWithin({ path, isDump }: Script, what: string, line: number): UserError {
  const remedy = isDump
    ? 'Dump it again; if it is whole, write the end that is missing.'
    : 'Look whether the file is whole, and write the end that is missing.';
  return new UserError(
    `${path}: ends within ${what} (line ${line}), as a file does that was cut off. ${remedy}`,
  );
}

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function takeStatement(feed: Feed, start: number, end: number): Omit<ScriptStatement, 'kind'> {
  const indent = feed.text.slice(feed.text.lastIndexOf('\n', start - 1) + 1, start);
  return {
    text: feed.text.slice(start, end).replace(/[ \t\n\r\f\v]+$/, ''),
    line: feed.lineAt(start),
    indent,
  };
}

/** The index of the line's end, or of the text's. */
async function endOfLine(feed: Feed, from: number): Promise<number> {
  for (;;) {
    const at = feed.text.indexOf('\n', from);
    if (at >= 0) return at;
    if (feed.isAtEnd) return feed.text.length;
    await feed.more();
  }
}

const lastRow = '\\.\n';

/** Whole lines up to `\.`, which is taken too; many at a time. */
async function* readRows(feed: Feed, script: Script, reading: { isDone: boolean }): AsyncGenerator<string> {
  for (;;) {
    const isOver = feed.text.startsWith(lastRow) || (feed.isAtEnd && feed.text === '\\.');
    if (isOver) {
      feed.drop(Math.min(feed.text.length, lastRow.length));
      reading.isDone = true;
      return;
    }
    const next = feed.text.indexOf(`\n${lastRow}`);
    const cut = (next >= 0 ? next : feed.text.lastIndexOf('\n')) + 1;
    if (cut > 0) {
      const rows = feed.text.slice(0, cut);
      feed.drop(cut);
      yield rows;
    } else if (!feed.isAtEnd) await feed.more();
    else throw endsWithin(script, 'the rows of copy', feed.lineAt(feed.text.length));
  }
}
