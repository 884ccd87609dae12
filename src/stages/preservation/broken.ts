/** Functions that stayed as they were → which name a table, a view, a type or a function that is gone, or add rows without what is required now: they answer with an error. */
import type { Bundle, RowDifference } from '../../model.js';
import { type Given, namedIn, namesOf, readBody } from './come-alive.js';
import { isDemanded } from './demanded-values.js';
import { bareOf, type DatabaseObject, nameOf } from './read-objects.js';
import { isMentionOf, isName, type Piece, readMention } from './read-pieces.js';
import { type Column, columnsCalled, type Shape, type Shapes } from './read-shapes.js';

export function findBroken({ before, after, shapes, shapesNow }: Given): RowDifference[] {
  const gone = new Set(namesOf(before, shapes));
  for (const name of namesOf(after, shapesNow)) gone.delete(name);
  const required = findRequired({ before, after, shapes, shapesNow });
  if (gone.size === 0 && required.length === 0) return [];
  const bare = new Map([...gone].map((name) => [bareOf(name), name]));
  for (const name of namesOf(after, shapesNow)) bare.delete(bareOf(name));
  const then = new Set(before.filter(({ kind }) => kind === 'function').map(({ written }) => written));
  return after.flatMap((one): RowDifference[] => {
    if (one.kind !== 'function' || !then.has(one.written)) return [];
    if (!/\n LANGUAGE (sql|plpgsql)\b/.test(one.said ?? '')) return [];
    const body = readBody(one);
    const columns = [
      ...[...new Set(namedIn(body, gone, bare))].map((name) => `${name}, which is gone`),
      ...required
        .filter(({ table, column }) => addsWithout(body.pieces, table, column))
        .map(({ table, column }) => `${column}, which ${table} requires now`),
    ];
    return columns.length === 0
      ? []
      : [{ word: 'means something else', table: nameOf(one), key: null, columns }];
  });
}

/** Columns that whoever adds rows to an old table has to give now; an application may not know them, or leave them out. */
export function findOwed(given: Given, preserve: Bundle['preserve']): RowDifference[] {
  const { before, after, shapes } = given;
  return findRequired(given).flatMap(({ table, column }) => {
    const older = olderOf(given, preserve, { table, column });
    if (older === 'another') return [];
    const old = older ?? undefined;
    // Under another name it is the same.
    const wasRequired = listRequired(before, shapes).some(
      (one) => one.table === table && one.column === old?.name,
    );
    if (wasRequired) return [];
    const added = (role: string) => old === undefined || !isDemanded(before, table, old.number, role);
    const [wereAdding, areAdding] = [before, after].map((all) => rolesThatAdd(all, table)) as [
      string[],
      string[],
    ];
    const roles = wereAdding.filter((role) => areAdding.includes(role) && added(role));
    const columns = [`rows that ${roles.join(' and ')} may add, without a value for it`];
    return roles.length === 0
      ? []
      : [{ word: 'refuses what was taken', table: `not null ${column} on ${table}`, key: null, columns }];
  });
}

/** What a column of an old table was: null where it was not, `another` where a fact says which one it continues. */
export function olderOf(
  { shapes, shapesNow }: Pick<Given, 'shapes' | 'shapesNow'>,
  preserve: Bundle['preserve'],
  { table, column }: Required,
): Column | 'another' | null {
  const [then, now] = [shapes, shapesNow].map((all) => all.get(table)) as [Shape, Shape];
  const number = now.columns.find(({ name }) => name === column)?.number;
  const old = then.columns.find((one) =>
    then.oid === now.oid ? one.number === number : one.name === column,
  );
  // What an older column said: names under which it is written are the application's to follow.
  const continues =
    old === undefined &&
    preserve.some(({ to, facts }) =>
      facts.some(
        ({ columns }) =>
          to.includes(table) && columns.includes(column) && columnsCalled(then.columns, columns).length > 0,
      ),
    );
  return continues ? 'another' : (old ?? null);
}

/** By a privilege, and policies that let some row through. */
export const rolesThatAdd = (objects: readonly DatabaseObject[], table: string): string[] => [
  ...new Set(
    objects.flatMap(({ kind, relation, name, place, role }) =>
      kind === 'privilege' &&
      relation === table &&
      /^INSERT /.test(name) &&
      place !== 'no row' &&
      role !== null
        ? [role]
        : [],
    ),
  ),
];

export interface Required {
  readonly table: string;
  readonly column: string;
}

/** Columns that nobody had to give before, and that nothing gives by itself. */
function findRequired({ before, after, shapes, shapesNow }: Given): Required[] {
  const then = new Set(listRequired(before, shapes).map(({ table, column }) => `${column} on ${table}`));
  return listRequired(after, shapesNow).filter(
    ({ table, column }) =>
      shapes.has(table) && !then.has(`${column} on ${table}`) && !mayBeGiven(after, table, column),
  );
}

/** By a trigger that has the row before it is kept: one that names the column, makes a row anew, or cannot be read. */
export function mayBeGiven(objects: readonly DatabaseObject[], table: string, column: string): boolean {
  return objects.some(({ kind, relation, said }) => {
    if (kind !== 'trigger' || relation !== table || !/ BEFORE [^.]*\bINSERT\b/.test(said ?? '')) return false;
    if (!/ FOR EACH ROW /.test(said ?? '')) return false;
    const called = / EXECUTE (?:FUNCTION|PROCEDURE) ([^(]+)\(/.exec(said ?? '')?.[1]?.replaceAll('"', '');
    const giver = objects.find((one) => one.kind === 'function' && one.name === called);
    if (giver === undefined || !/\n LANGUAGE plpgsql\b/.test(giver.said ?? '')) return true;
    const { pieces } = readBody(giver);
    return pieces.some(
      ({ text }, at) =>
        text === column ||
        (text === 'new' && (/^[:=]$/.test(pieces[at + 1]?.text ?? '') || pieces[at - 1]?.text === 'into')),
    );
  });
}

export function listRequired(objects: readonly DatabaseObject[], shapes: Shapes): Required[] {
  return objects.flatMap(({ kind, name, relation }) => {
    if (kind !== 'not null' || relation === null) return [];
    const column = shapes.get(relation)?.columns.find((one) => one.name === name);
    const isGiven =
      column === undefined || column.fallback !== null || column.isNumbered || column.isGenerated;
    return isGiven ? [] : [{ table: relation, column: name }];
  });
}

/** `insert into books (id, title)`, of which the list lacks it. */
function addsWithout(pieces: readonly Piece[], table: string, column: string): boolean {
  return pieces.some((piece, at) => {
    if (piece.text !== 'into' || pieces[at - 1]?.text !== 'insert' || !isName(pieces[at + 1])) return false;
    const mention = readMention(pieces, at + 1);
    if (!isMentionOf(mention, table)) return false;
    const end = mention.at;
    const open = pieces[end + 1]?.text === 'as' ? end + 3 : end + 1;
    if (pieces[open]?.text !== '(' || pieces[open + 1]?.text === 'select') return false;
    const close = pieces.findIndex(({ text }, place) => place > open && text === ')');
    return !pieces.slice(open + 1, close).some(({ text }) => text === column);
  });
}
