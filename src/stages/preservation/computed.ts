/** What Postgres has computed with functions that are others now, and keeps: no index, generated column or check is computed again because its function was replaced. */
import { counted } from '../../counted.js';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { RowDifference } from '../../model.js';
import { callsIn, type Given, readBody } from './come-alive.js';
import { bareOf, type DatabaseObject, type Uses } from './read-objects.js';

interface Computed {
  readonly kind: 'constraint' | 'unique index' | 'index' | 'generated column';
  readonly name: string;
  readonly relation: string;
  readonly quoted: string;
  /** Under which kind the server notes what it asks. */
  readonly asks: string;
  /** What is so of a row where it is not what it would be; null: of an index nobody can ask. */
  readonly expression: string | null;
  readonly file: string | null;
}

/** By the index. */
export type Files = ReadonlySet<string>;

export async function noteFiles(session: Session): Promise<Files> {
  return new Set((await readComputed(session)).flatMap(({ file }) => file ?? []));
}

export async function findOutdated(
  session: Session,
  { before, after, shapesNow }: Given,
  { files, uses }: { readonly files: Files; readonly uses: Uses },
): Promise<RowDifference[]> {
  const changed = changedFunctions(before, after);
  if (changed.size === 0) return [];
  const reach = reachOf(after, uses);
  const found: RowDifference[] = [];
  for (const { kind, name, relation, quoted, asks, expression, file } of await readComputed(session)) {
    if (!shapesNow.get(relation)?.isReadable || (file !== null && !files.has(file))) continue;
    const own = [...reach(uses.get(`${asks} ${name} on ${relation}`) ?? [])].filter((one) =>
      changed.has(one),
    );
    if (own.length === 0) continue;
    const { rows } = await session.query<{ outdated: number }>(
      `select count(*)::int as outdated from (select from ${quoted} as schema_fix_row where ${expression ?? 'true'} limit 1000000) as r`,
    );
    const count = rows[0]?.outdated ?? 0;
    if (count === 0) continue;
    const by = own.join(' and ');
    found.push({
      word: kind === 'constraint' && expression !== null ? 'refuses what was taken' : 'means something else',
      table: `${kind} ${name} on ${relation}`,
      key: null,
      columns: [
        expression === null
          ? `it holds what ${by} answered before; reindex it`
          : kind === 'constraint'
            ? `${counted(count, 'row')} that ${count === 1 ? 'is' : 'are'} there, whoever changes one: ${by} answers otherwise`
            : `${counted(count, 'row')} with what ${by} answered before`,
      ],
    });
  }
  return found;
}

async function readComputed(session: Session): Promise<Computed[]> {
  const { rows } = await session.query<Computed>(engineSql('computed'));
  return rows;
}

/** Names of those that were there and say something else now. */
function changedFunctions(before: readonly DatabaseObject[], after: readonly DatabaseObject[]): Set<string> {
  const isFunction = ({ kind }: DatabaseObject) => kind === 'function';
  const names = new Set(before.filter(isFunction).map(({ name }) => name));
  const then = new Set(before.filter(isFunction).map(({ name, written }) => `${name} ${written}`));
  return new Set(
    after
      .filter(isFunction)
      .filter(({ name, written }) => names.has(name) && !then.has(`${name} ${written}`))
      .map(({ name }) => name),
  );
}

/** Functions that are called wherever these objects are asked, and those that they call. */
function reachOf(objects: readonly DatabaseObject[], uses: Uses): (used: readonly string[]) => Set<string> {
  const functions = objects.filter(({ kind }) => kind === 'function');
  const called = (name: string) => functions.filter((one) => one.name === name || bareOf(one.name) === name);
  return (used) => {
    const reached = new Set(used);
    for (const one of reached) {
      for (const next of uses.get(one) ?? []) reached.add(next);
      if (!one.startsWith('function ')) continue;
      for (const body of called(one.slice('function '.length)).map(readBody))
        for (const call of callsIn(body.pieces))
          for (const { name } of called(call)) reached.add(`function ${name}`);
    }
    return new Set([...reached].map((one) => one.replace(/^function /, '')));
  };
}
