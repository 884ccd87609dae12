/** A statement that named what is not there → the problem with a hint at what may have been meant, where something is near. */

import { type KnownName, nearNames } from '../bundle/near-names.js';
import { SqlError } from '../errors.js';
import type { SqlProblem } from '../model.js';
import { isDatabaseError } from './database-error.js';
import { engineSql } from './engine-sql.js';
import type { Session } from './with-session.js';

interface Missing {
  /** As `names.sql` knows them. */
  readonly kind: string;
  readonly name: string;
  /** The relation that it was looked for in, where the message says so. */
  readonly of: string | null;
}

/** By what Postgres says in English; a server that speaks another language gives no suggestion. */
const messages: readonly { readonly sqlstate: string; readonly pattern: RegExp; readonly kind?: string }[] = [
  {
    sqlstate: '42P01',
    pattern:
      /^(?:relation|table|view|materialized view|foreign table|sequence) "(?<name>.+)" does not exist$/,
    kind: 'relation',
  },
  {
    sqlstate: '42703',
    pattern: /^column "?(?<name>.+?)"? of relation "(?<of>.+)" does not exist$/,
    kind: 'column',
  },
  {
    sqlstate: '42703',
    pattern: /^column "?(?:\S+\.)?(?<name>.+?)"? (?:.* )?does not exist$/,
    kind: 'column',
  },
  {
    sqlstate: '42883',
    pattern: /^(?:function|procedure|aggregate|routine) (?<name>[^(]+)\(.*\) does not exist$/s,
    kind: 'function',
  },
  {
    sqlstate: '42883',
    pattern: /^could not find a (?:function|procedure|aggregate) named "(?<name>.+)"$/,
    kind: 'function',
  },
  { sqlstate: '3F000', pattern: /^schema "(?<name>.+)" does not exist$/, kind: 'schema' },
  { sqlstate: '42704', pattern: /^(?<kind>type|role|index) "(?<name>.+)" does not exist$/ },
  {
    sqlstate: '42704',
    pattern:
      /^(?<kind>constraint|trigger|policy) "(?<name>.+)" (?:of|for) (?:relation|table) "(?<of>.+)" does not exist$/,
  },
];

/** What Postgres says of every function that is not there. */
const saysNothing = /^No (function|procedure|operator|aggregate) matches the given name/;

const suggestion = 'Did you mean';

/** To be called when the session can be asked again: what failed was undone. Any other error is given back as it is. */
export async function suggestNames(session: Session, error: unknown): Promise<unknown> {
  if (!(error instanceof SqlError) || session.getTransactionStatus() === 'E') return error;
  const { problem } = error;
  if (problem.hint !== null && (!saysNothing.test(problem.hint) || problem.hint.includes(suggestion)))
    return error;
  const missing = readMissing(problem);
  if (missing === null) return error;
  const found = await findNear(session, missing, statementOf(error));
  if (found.length === 0) return error;
  const hint = [problem.hint, `${suggestion} ${found.join(' or ')}?`].filter(Boolean).join(' ');
  return new SqlError({ ...problem, hint }, { cause: error.cause, statement: error.statement });
}

function readMissing({ sqlstate, message }: SqlProblem): Missing | null {
  for (const known of messages) {
    const groups = known.sqlstate === sqlstate ? known.pattern.exec(message)?.groups : undefined;
    if (groups?.name === undefined) continue;
    return { kind: known.kind ?? groups.kind ?? '', name: groups.name, of: groups.of ?? null };
  }
  return null;
}

/** Within a function it is what the function ran. */
function statementOf({ cause, statement }: SqlError): string {
  return (isDatabaseError(cause) ? cause.internalQuery : undefined) ?? statement ?? '';
}

async function findNear(session: Session, { kind, name, of }: Missing, statement: string): Promise<string[]> {
  const relations = of === null ? wordsIn(statement) : [of];
  const [schema, rest] = splitName(name);
  // Nobody who leaves out a schema means the server's own by an error in their own name.
  const isOfPostgres = rest !== null && (schema === 'pg_catalog' || schema === 'information_schema');
  const { rows } = await session.query<KnownName>(engineSql('names'), [kind, relations, isOfPostgres]);
  if (rest === null) return nearNames({ schema: null, name }, rows);
  return nearNames({ schema, name: rest }, isOfPostgres ? rows.filter((one) => one.schema === schema) : rows);
}

/** A message writes the names without quotes. */
function splitName(name: string): [string, string | null] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name, null] : [name.slice(0, dot), name.slice(dot + 1)];
}

function wordsIn(statement: string): string[] {
  const words = statement.match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  return [...new Set(words.map((word) => (word.startsWith('"') ? word.slice(1, -1) : word.toLowerCase())))];
}
