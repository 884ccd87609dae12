/** An entry of a Postgres log → what happened to the fix's tables, or null where it tells of nothing of theirs. */
import { escapePattern } from '../escape-pattern.js';
import type { Signature, WatchedEvent } from '../watched.js';
import type { LogEntry } from './log-entry.js';
import type { KnownNames, StatementShape } from './statement-shape.js';
import { createShapeReader } from './statement-shape.js';

/** An error that is none of the fix's: a second group of one name, say. */
export interface ExpectedError {
  readonly sqlstate: string;
  /** What the message says, whole; null: whatever it says. */
  readonly message: string | null;
}

export type EventReader = (entry: LogEntry) => WatchedEvent | null;

/** What Postgres says where the log has no SQLSTATE. */
const messages: readonly { readonly pattern: RegExp; readonly sqlstate: string }[] = [
  { pattern: /^new row violates row-level security policy/, sqlstate: '42501' },
  { pattern: /^permission denied/, sqlstate: '42501' },
  { pattern: /^query would be affected by row-level security policy/, sqlstate: '42501' },
  { pattern: /^must be owner of/, sqlstate: '42501' },
  { pattern: /^duplicate key value violates unique constraint/, sqlstate: '23505' },
  { pattern: /violates foreign key constraint/, sqlstate: '23503' },
  { pattern: /^infinite recursion detected/, sqlstate: '42P17' },
  { pattern: /^stack depth limit exceeded/, sqlstate: '54001' },
];

const isError = (severity: string, sqlstate: string | null) =>
  ['ERROR', 'FATAL', 'PANIC'].includes(severity) ||
  // Where messages are translated, so is this word.
  (sqlstate !== null &&
    !/^0[0-2]/.test(sqlstate) &&
    !['LOG', 'WARNING', 'NOTICE', 'INFO'].includes(severity));

/** `duration: 0.123 ms  statement: insert …`; parse and bind come before, and are not it. */
const done = /^duration: (\d+(?:\.\d+)?) ms {2}(?:statement|execute [^:]*): /;

/** Statements that Postgres could not read hold whatever somebody typed. */
const unread = (sqlstate: string | null) =>
  sqlstate === null ? false : /^42/.test(sqlstate) && !['42501', '42P17'].includes(sqlstate);

export function createEventReader(names: KnownNames, expected: readonly ExpectedError[]): EventReader {
  const readShape = createShapeReader(names);
  const mentions = createMentionFinder(names);
  return (entry) => {
    if (isError(entry.severity, entry.sqlstate)) return readError(entry);
    return readDone(entry);
  };

  function readDone({ at, severity, message }: LogEntry): WatchedEvent | null {
    if (severity !== 'LOG') return null;
    const found = done.exec(message);
    if (found === null) return null;
    const statement = message.slice(found[0].length);
    if (mentions(statement).length === 0) return null;
    const shape = readShape(statement);
    if (shape.names.length === 0) return null;
    return {
      at,
      error: null,
      ...ofShape(shape, names),
      statement: shape.text,
      milliseconds: Number(found[1]),
    };
  }

  function readError({ at, sqlstate: given, message, context, statement }: LogEntry): WatchedEvent | null {
    const told = mentions(`${message}\n${context}`);
    const isNamed = statement !== null && mentions(statement).length > 0;
    const shape = isNamed ? readShape(statement) : noShape;
    const tables = [...new Set([...told, ...shape.names])].sort();
    if (tables.length === 0) return null;
    const [firstLine = ''] = message.split('\n');
    const wanted = expected.find(
      (one) =>
        (given === null || one.sqlstate === given) &&
        (one.message === null ? given !== null : one.message === firstLine),
    );
    const code =
      given ?? wanted?.sqlstate ?? messages.find(({ pattern }) => pattern.test(firstLine))?.sqlstate ?? null;
    return {
      at,
      error: { signature: toSignature(code), code, isExpected: wanted !== undefined },
      tables: names.tables.filter((table) => tables.includes(table)),
      inserts: shape.inserts,
      calls: shape.calls,
      statement:
        statement === null
          ? 'a statement that the log does not tell'
          : unread(code) || code === null
            ? sayKind(statement, shape)
            : shape.text,
      milliseconds: null,
    };
  }
}

export function toSignature(code: string | null): Signature {
  return code === '42501' || code === '23505' || code === '23503' || code === '42P17' ? code : 'other';
}

const noShape: StatementShape = { text: '', names: [], inserts: [], calls: [] };

function ofShape({ names: found, inserts, calls }: StatementShape, { tables }: KnownNames) {
  return { tables: found.filter((name) => tables.includes(name)), inserts, calls };
}

function sayKind(statement: string, { names }: StatementShape): string {
  const [verb = ''] = /^[a-z]+/i.exec(statement.trimStart()) ?? [];
  const known = ['select', 'insert', 'update', 'delete', 'merge', 'with', 'call', 'copy'];
  return `${known.includes(verb.toLowerCase()) ? verb.toLowerCase() : 'a statement'} … ${names.join(', ')} (words withheld)`;
}

/** Names of the fix's that stand in a text as words of their own; cheap, for it is asked of every line. */
function createMentionFinder({ tables, functions }: KnownNames): (text: string) => string[] {
  const names = new Map<string, string[]>();
  for (const name of [...tables, ...functions]) {
    const short = name.split('.')[1] ?? name;
    names.set(short, [...(names.get(short) ?? []), name]);
  }
  const pattern = new RegExp(
    `(?<![\\w$])(?:${[...names.keys()].map(escapePattern).join('|')})(?![\\w$])`,
    'gi',
  );
  return (text) => {
    const found = text.match(pattern);
    if (found === null) return [];
    return [...new Set(found)].flatMap((short) => names.get(short) ?? names.get(short.toLowerCase()) ?? []);
  };
}
