/** The files of a fix → what a careful database administrator would say of their statements, without running them. */
import type { SqlFile } from '../model.js';
import { isString, withoutComments } from './rewrite-tokens.js';
import { lineAt, splitStatements } from './split-statements.js';

export interface Remark {
  /** `mistake`: it cannot run; `warning`: it runs, and somebody should have thought about it. */
  readonly severity: 'mistake' | 'warning';
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

interface Rule {
  readonly severity: Remark['severity'];
  /** Whether it speaks of a statement, given without comments and strings, in lower case, with single spaces. */
  readonly fits: (statement: string) => boolean;
  readonly text: string;
}

const outsideTransaction =
  /\bconcurrently\b|^vacuum\b|^(create|drop) (database|tablespace)\b|^alter system\b|^reindex (database|system)\b/;

const rules: readonly Rule[] = [
  {
    severity: 'mistake',
    fits: (statement) => outsideTransaction.test(statement),
    text: 'cannot run in a transaction, and a fix is one. Write it without, or do it before and apart from the fix',
  },
  {
    severity: 'warning',
    fits: (statement) => /\b(drop|truncate)\b.*\bcascade\b/.test(statement),
    text: 'cascade takes along what nobody has named. Name it, and drop it yourself',
  },
  {
    severity: 'warning',
    fits: (statement) => /\btruncate\b(?! (on|or)\b)(?!( table)? schema_fix\.)/.test(statement),
    text: 'truncate takes every row away. Move what is to go into the quarantine, with the reason',
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\bdelete from (?!schema_fix\.)/.test(statement) && !/\b(where|using)\b/.test(statement),
    text: 'delete without where takes every row away. Say which',
  },
  {
    severity: 'warning',
    fits: (statement) => /\balter (column \S+|(?!column |table )\S+) (set data )?type\b/.test(statement),
    text: 'rewrites the table and its indexes, unless the types are stored alike; meanwhile nobody can read it',
  },
  {
    severity: 'warning',
    fits: (statement) => /\balter table\b.*\bset not null\b/.test(statement),
    text: 'reads the whole table while nobody else can read it. A valid check (column is not null), made before, spares that',
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\balter table\b.*\bforeign key\b/.test(statement) && !/\bnot valid\b/.test(statement),
    text: 'reads the whole table while nobody can write into it or the table that it points at. Add it not valid, and validate it later',
  },
  {
    severity: 'warning',
    fits: (statement) => /\bcreate (unique )?index\b(?! concurrently)/.test(statement),
    text: 'keeps writers of the table waiting until the fix is committed',
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /^create (or replace )?(function|procedure)\b.*\bsecurity definer\b/.test(statement) &&
      !/\bset search_path\b/.test(statement),
    text: "runs with its owner's rights and finds names where its caller says. Add: set search_path = ''",
  },
];

const written =
  /\b(?:(?:create|alter|drop) table(?: if not exists| if exists)?(?: only)?|insert into|delete from(?: only)?|update(?: only)?|truncate(?: table)?(?: only)?|create policy (?:"[^"]*"|\S+) on|create (?:unique )?index(?: concurrently)?(?: if not exists)?(?: (?!on )\S+)? on(?: only)?|create (?:or replace )?(?:function|procedure|view)|references) ((?:"[^"]*"|[a-z_][\w$]*)(?:\.(?:"[^"]*"|[a-z_][\w$]*))?)/g;

/** Words that may follow one of these and are no name. */
const noNames = new Set(['set', 'of', 'on', 'or', 'to', 'as', 'if', 'only', 'for', 'from', 'skip', 'nowait']);

export function lintStatements({ path, text }: SqlFile): Remark[] {
  return statementsIn(text).flatMap(({ statement, line }) => [
    ...rules
      .filter(({ fits }) => fits(statement))
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

function unqualified(statement: string): string[] {
  const names = [...statement.matchAll(written)].map(([, name = '']) => name);
  return [...new Set(names.filter((name) => !name.includes('.') && !noNames.has(name)))];
}

interface Said {
  readonly statement: string;
  readonly line: number;
}

/** Of a `do` block its own, too, since they run; the body of a function does not. */
function statementsIn(text: string): Said[] {
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

/** Without comments and strings, in lower case, with single spaces; quoted names stay. */
function simplify(text: string): string {
  const written = withoutComments(text, (token) => {
    if (isString(token) || token.startsWith('$')) return "''";
    return token.startsWith('"') ? token : token.toLowerCase();
  });
  return written.replace(/\s+/g, ' ').trim();
}
