/** Files of SQL → where Postgres' own parsers cannot read them. They are loaded here alone: two megabytes that only this needs. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { getActionRoot } from '../action-root.js';
import { escapePattern } from '../escape-pattern.js';
import type { SqlFile } from '../model.js';
import type { Remark } from './lint-statements.js';
import { lineAt, splitStatements } from './split-statements.js';

/** Each statement by itself: one that cannot be read does not hide the next. */
export async function findSyntaxErrors(files: readonly SqlFile[]): Promise<Remark[]> {
  const parser = await loadParser();
  await parser.loadModule();
  return files.flatMap(({ path, text }) =>
    splitStatements(text).flatMap((statement): Remark[] => {
      const problem = readStatement(parser, statement.text) ?? readBody(parser, statement.text);
      if (problem === null) return [];
      const line = lineAt(text, statement.offset + problem.at);
      return [{ severity: 'mistake', path, line, text: `Postgres cannot read it: ${problem.message}` }];
    }),
  );
}

/** One statement, or null where Postgres can read it. */
export async function readSyntax(text: string): Promise<Unreadable | null> {
  const parser = await loadParser();
  await parser.loadModule();
  return readStatement(parser, text);
}

type Parser = typeof import('libpg-query');

/** It cannot be bundled, for it reads a file beside itself: `npm run package` puts a copy into `dist`. */
async function loadParser(): Promise<Parser> {
  const places = ['node_modules/libpg-query/wasm', 'dist/sql-parser'].map((folder) =>
    path.join(getActionRoot(), folder, 'index.cjs'),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`the parser of SQL is in none of ${places.join(', ')}`);
  const loaded: { readonly default: Parser } = await import(
    /* webpackIgnore: true */ pathToFileURL(found).href
  );
  return loaded.default;
}

export interface Unreadable {
  readonly message: string;
  /** Index of where it stops. */
  readonly at: number;
}

function readStatement({ parseSync, hasSqlDetails }: Parser, text: string): Unreadable | null {
  try {
    parseSync(text);
    return null;
  } catch (error: unknown) {
    if (!hasSqlDetails(error)) throw error;
    const { message = error.message, cursorPosition = 0 } = error.sqlDetails ?? {};
    // Counted in characters, where an emoji is one.
    return { message, at: [...text].slice(0, Math.max(0, cursorPosition)).join('').length };
  }
}

const hasBody = /^\s*do\b|\blanguage\s+'?plpgsql\b/i;

/** What stands between `$$`, which the parser of SQL takes for a text. Its parser says no place: where the word is there once, that is it. */
function readBody({ parsePlPgSQLSync }: Parser, text: string): Unreadable | null {
  if (!hasBody.test(text)) return null;
  try {
    parsePlPgSQLSync(text);
    return null;
  } catch (error: unknown) {
    if (!(error instanceof Error) || !/^(syntax error|unterminated|mismatched|missing)/.test(error.message))
      return null;
    const word = /at or near "(.*)"$/s.exec(error.message)?.[1];
    // A text that goes on in the next line, with a comment between, is one to Postgres and none to this parser.
    if (word?.startsWith("'")) return null;
    const places = word === undefined ? [] : [...text.matchAll(wordPattern(word))];
    return { message: error.message, at: places.length === 1 ? (places[0]?.index ?? 0) : 0 };
  }
}

function wordPattern(word: string): RegExp {
  const escaped = escapePattern(word);
  return /^\w+$/.test(word) ? new RegExp(`\\b${escaped}\\b`, 'g') : new RegExp(escaped, 'g');
}
