/** The files of a fix → what a careful database administrator would say of their statements, without running them. */
import type { SqlFile } from '../model.js';
import { type Rule, rules, type Simplified } from './lint-rules.js';
import { isString, withoutComments } from './rewrite-tokens.js';
import { lineAt, splitStatements } from './split-statements.js';

export interface Remark {
  readonly severity: Rule['severity'];
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const name = String.raw`(?:"[^"]*"|[a-z_][\w$]*)(?:\.(?:"[^"]*"|[a-z_][\w$]*))?`;
const written = new RegExp(
  String.raw`\b(?:(?:create|alter|drop) table(?: if not exists| if exists)?(?: only)?|insert into|delete from(?: only)?|update(?: only)?|truncate(?: table)?(?: only)?|create policy (?:"[^"]*"|\S+) on|create (?:unique )?index(?: concurrently)?(?: if not exists)?(?: (?!on )\S+)? on(?: only)?|create (?:or replace )?(?:function|procedure|view)|references) (${name})`,
  'g',
);
const altered = new RegExp(
  String.raw`\balter table(?: if exists)?(?: only)? (${name})|\bcreate (?:unique )?index\b.*? on (?:only )?(${name})`,
);
const created = new RegExp(String.raw`\bcreate (?:unlogged )?table (?:if not exists )?(${name})`, 'g');

/** Words that may follow one of these and are no name. */
const noNames = new Set(['set', 'of', 'on', 'or', 'to', 'as', 'if', 'only', 'for', 'from', 'skip', 'nowait']);

/** `made` are tables of the fix's own, which nobody waits for. */
export function lintStatements({ path, text }: SqlFile, made: ReadonlySet<string> = new Set()): Remark[] {
  return statementsIn(text).flatMap(({ statement, line }) => [
    ...rules
      .filter(({ fits, isOfRows }) => fits(statement) && !(isOfRows && made.has(tableOf(statement))))
      .map(({ severity, text }): Remark => ({ severity, path, line, text })),
    ...unqualified(statement).map(
      (name): Remark => ({
        severity: 'warning',
        path,
        line,
        text: `${name} has no schema. Write ${name.startsWith('"') ? 'SCHEMA.' : 'public.'}${name}, or whichever it is in`,
      }),
    ),
  ]);
}

/** Tables that the files make. */
export function tablesMadeIn(files: readonly SqlFile[]): Set<string> {
  const statements = files.flatMap(({ text }) => statementsIn(text));
  return new Set(
    statements.flatMap(({ statement }) => [...statement.matchAll(created)].map(([, made = '']) => made)),
  );
}

function tableOf(statement: string): string {
  const [, table, indexed] = altered.exec(statement) ?? [];
  return table ?? indexed ?? '';
}

function unqualified(statement: string): string[] {
  const names = [...statement.matchAll(written)].map(([, name = '']) => name);
  return [...new Set(names.filter((name) => !name.includes('.') && !noNames.has(name)))];
}

export interface Said {
  readonly statement: Simplified;
  readonly line: number;
}

/** Of a `do` block its own, too, since they run; the body of a function does not. */
export function statementsIn(text: string): Said[] {
  return splitStatements(text).flatMap(({ text: statement, offset }): Said[] => {
    const line = lineAt(text, offset);
    const body = /^do\b[^$]*(\$\w*\$)([\s\S]*)\1/i.exec(statement);
    if (body === null) return [{ statement: simplify(statement), line }];
    const begins = line + countLines(statement.slice(0, statement.indexOf(body[2] ?? '')));
    return splitStatements(body[2] ?? '').map((inner) => {
      // What stands before it, `begin`, `if … then`, is of the language, and spans lines.
      const simple = simplify(inner.text);
      return { statement: simple, line: begins + lineAt(body[2] ?? '', lastLineOf(inner)) - 1 };
    });
  });
}

/** Where its last word that begins a statement of SQL stands. */
function lastLineOf({ text, offset }: { readonly text: string; readonly offset: number }): number {
  const begins = [...text.matchAll(/\b(alter|create|drop|insert|update|delete|truncate|vacuum|reindex)\b/gi)];
  return offset + (begins[0]?.index ?? 0);
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

function simplify(text: string): Simplified {
  const written = withoutComments(text, (token) => {
    if (isString(token) || token.startsWith('$')) return "''";
    return token.startsWith('"') ? token : token.toLowerCase();
  });
  return written.replace(/\s+/g, ' ').trim();
}
