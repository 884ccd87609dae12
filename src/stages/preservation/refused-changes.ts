/**
 * New triggers → those that stop a change by what a row was and what it becomes, and those that stop a statement by all of its rows: setting a row to
 * what it is, and adding one, as access tries it, tells nothing of them.
 */
import type { Bundle, RowDifference } from '../../model.js';
import { callsIn, type Given, readBody } from './come-alive.js';
import { bareOf, type DatabaseObject, nameOf } from './read-objects.js';
import { joinTexts, type Piece, readPieces } from './read-pieces.js';

export function findStopped({ before, after, shapes }: Given, preserve: Bundle['preserve']): RowDifference[] {
  const oids = new Set([...shapes.values()].map(({ oid }) => oid));
  const holdsWhatWas = ({ relation, relid }: DatabaseObject) =>
    oids.has(relid ?? '') || preserve.some(({ to }) => to.includes(relation ?? ''));
  return kinds.flatMap(({ find, says }) => {
    const known = new Set(find(before).map(nameOf));
    return find(after)
      .filter((one) => holdsWhatWas(one) && !known.has(nameOf(one)))
      .map((one) => ({
        word: 'refuses what was taken',
        table: nameOf(one),
        key: null,
        columns: [says(one)],
      }));
  });
}

function stoppingIn(objects: readonly DatabaseObject[]): DatabaseObject[] {
  const functions = functionsIn(objects);
  return objects.filter((one) => {
    const said = one.said ?? '';
    if (one.kind !== 'trigger' || !/ (BEFORE|AFTER) [^.]*\bUPDATE\b/.test(said)) return false;
    const [, older, newer] = / REFERENCING OLD TABLE AS (\S+) NEW TABLE AS (\S+) /.exec(said) ?? [];
    if (older === undefined && !/ FOR EACH ROW /.test(said)) return false;
    const pieces = bodiesFrom(calledBy(said), functions);
    const [, condition = ''] = / WHEN (\(.*\)) EXECUTE /s.exec(said) ?? [];
    const compares =
      namesBoth(readPieces(condition)) ||
      namesBoth(pieces) ||
      [older, newer].every((name) => name !== undefined && names(pieces, name)) ||
      // What it was is read from the table.
      (names(pieces, 'new') && names(pieces, bareOf(one.relation ?? '')));
    return compares && stops(pieces, said);
  });
}

const kinds: readonly {
  readonly find: (objects: readonly DatabaseObject[]) => readonly DatabaseObject[];
  readonly says: (trigger: DatabaseObject) => string;
}[] = [
  { find: stoppingIn, says: () => 'changes, by what a row was and what it becomes' },
  {
    find: stoppingAtOnce,
    says: ({ said }) =>
      /\b(INSERT|UPDATE|DELETE)\b/.test(said?.split(' ON ')[0] ?? '')
        ? 'statements, by all the rows of one'
        : 'that the table is emptied at once',
  },
];

/** Of a statement, which may write many rows, the row that is tried tells nothing. */
function stoppingAtOnce(objects: readonly DatabaseObject[]): DatabaseObject[] {
  const functions = functionsIn(objects);
  const told = new Set(stoppingIn(objects));
  return objects.filter((one) => {
    const said = one.said ?? '';
    return (
      one.kind === 'trigger' &&
      !told.has(one) &&
      / FOR EACH STATEMENT /.test(said) &&
      raises(bodiesFrom(calledBy(said), functions))
    );
  });
}

export const functionsIn = (objects: readonly DatabaseObject[]): ReadonlyMap<string, DatabaseObject> =>
  new Map(objects.flatMap((one) => (one.kind === 'function' ? [[one.name, one]] : [])));

export const calledBy = (said: string): string =>
  / EXECUTE (?:FUNCTION|PROCEDURE) ([^(]+)\(/.exec(said)?.[1]?.replaceAll('"', '') ?? '';

/** Its own, and those of functions that it calls, one behind the other. */
export function bodiesFrom(name: string, functions: ReadonlyMap<string, DatabaseObject>): Piece[] {
  const reached = new Set([name]);
  const pieces: Piece[] = [];
  for (const one of reached) {
    const found = functions.get(one);
    if (found === undefined) continue;
    const body = readBody(found).pieces;
    pieces.push(...body);
    for (const call of callsIn(body)) reached.add(call);
  }
  return pieces;
}

const names = (pieces: readonly Piece[], name: string): boolean => pieces.some(({ text }) => text === name);

const namesBoth = (pieces: readonly Piece[]): boolean => names(pieces, 'old') && names(pieces, 'new');

/** By an error, or by keeping the row as it is. */
function stops(pieces: readonly Piece[], said: string): boolean {
  const isBefore = / BEFORE /.test(said);
  const answers = (what: string) =>
    pieces.some(({ text }, at) => text === 'return' && pieces[at + 1]?.text === what);
  return (
    raises(pieces) ||
    (isBefore && (answers('null') || (answers('old') && !answers('new')) || putsBack(pieces)))
  );
}

export const raises = (pieces: readonly Piece[]): boolean =>
  pieces.some(
    ({ kind, text }, at) =>
      kind === 'word' &&
      (text === 'assert' || (text === 'raise' && !onlyTells.includes(pieces[at + 1]?.text ?? ''))),
  );

/** `new.stars := old.stars`, at the beginning of a statement. */
const putsBack = (pieces: readonly Piece[]): boolean =>
  pieces.some(
    ({ text }, at) =>
      text === 'new' &&
      beginsAfter.includes(pieces[at - 1]?.text ?? ';') &&
      /^new(\.\w+)?:?=old\1;/.test(joinTexts(pieces, at, at + 12)),
  );

const beginsAfter = [';', 'begin', 'then', 'else', 'loop'];

const onlyTells = ['notice', 'warning', 'info', 'log', 'debug'];
