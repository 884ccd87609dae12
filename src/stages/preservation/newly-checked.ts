/** New checks and unique indexes of old tables → which of them ask something of what roles and functions could write before: rows that are there tell nothing of it, for the fix has mended them. */
import type { Bundle, RowDifference } from '../../model.js';
import { olderOf } from './broken.js';
import { type Given, readBody } from './come-alive.js';
import { readDemands } from './demands.js';
import { pairObjects } from './pair-objects.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import { isMentionOf, readPieces } from './read-pieces.js';
import { type Column, partitionsOf } from './read-shapes.js';

/** `told`: those of which it is known already what they refuse. */
export function findNewlyChecked(
  given: Given,
  preserve: Bundle['preserve'],
  told: readonly RowDifference[],
): RowDifference[] {
  const { before, after, shapes, shapesNow } = given;
  const names = new Set([...before.map(nameOf), ...told.map(({ table }) => table)]);
  const old = new Set(pairObjects(before, after).values());
  const asksRows = (one: DatabaseObject) => isCheck(one) || isUnique(one);
  const fresh = after.filter((one) => asksRows(one) && !old.has(one) && !names.has(nameOf(one)));
  const isOfItsWhole = ({ name, said, relation }: DatabaseObject) =>
    fresh.some(
      (one) =>
        one.name === name &&
        one.said === said &&
        partitionsOf([one.relation ?? ''], shapesNow).has(relation ?? ''),
    );
  return fresh.flatMap((one): RowDifference[] => {
    const table = one.relation ?? '';
    if (!shapes.has(table) || isOfItsWhole(one)) return [];
    const numbers: readonly string[] = one.place?.match(/\d+/g) ?? [];
    const words = new Set(readPieces(one.said ?? '').map(({ text }) => text));
    // A check of the row as a whole, `fine(notes.*)`, has the column 0.
    const all = (shapesNow.get(table)?.columns ?? []).filter(({ number, name }) =>
      one.place === null ? words.has(name) : numbers.includes(String(number)) || numbers.includes('0'),
    );
    const columns = all.filter(({ name }) => olderOf(given, preserve, { table, column: name }) !== null);
    const isDrawn = ({ isNumbered, fallback }: Column) => isNumbered || /nextval|uuid/.test(fallback ?? '');
    if (isUnique(one) && (columns.length < all.length || all.some(isDrawn))) return [];
    if (isUnique(one) && before.some((old) => asksNoLess(old, one, given))) return [];
    const who = whoWrites(given, table, columns);
    if (who.length === 0) return [];
    const what = columns.map(({ name }) => name).join(' and ');
    return [
      {
        word: 'refuses what was taken',
        table: nameOf(one),
        key: null,
        columns: [
          isUnique(one)
            ? `the second row with what ${who.join(' and ')} may write into ${what}`
            : `what ${who.join(' and ')} may write into ${what}, where it is not so`,
        ],
      },
    ];
  });
}

const isCheck = ({ kind, said }: DatabaseObject): boolean =>
  kind === 'constraint' && /^CHECK /.test(said ?? '');

const isUnique = ({ kind, said }: DatabaseObject): boolean =>
  kind === 'unique index' || (kind === 'constraint' && /^(UNIQUE|PRIMARY KEY|EXCLUDE) /.test(said ?? ''));

/** Whether one column or all of the same were unique already, in whichever rows. */
function asksNoLess(old: DatabaseObject, one: DatabaseObject, { shapes, shapesNow }: Given): boolean {
  if (!isUnique(old) || old.relation !== one.relation || /\bWHERE\b|EXCLUDE/i.test(old.said ?? ''))
    return false;
  const namesOf = ({ place, relation }: DatabaseObject, all: Given['shapes']) =>
    (place?.match(/\d+/g) ?? []).map(
      (number) => all.get(relation ?? '')?.columns.find((column) => String(column.number) === number)?.name,
    );
  const asked = namesOf(old, shapes);
  const asks = new Set(namesOf(one, shapesNow));
  return asked.length > 0 && asked.every((name) => name !== undefined && asks.has(name));
}

/** Roles that might give one of the columns a value and still may, and functions that stayed as they were and do. */
export function whoWrites({ before, after }: Given, table: string, columns: readonly Column[]): string[] {
  const names = columns.map(({ name }) => name);
  if (names.length === 0) return [];
  const [wereWriting, areWriting] = [before, after].map((all) => rolesThatWrite(all, table, names)) as [
    string[],
    string[],
  ];
  const then = new Set(before.flatMap(({ kind, written }) => (kind === 'function' ? [written] : [])));
  const functions = after.filter(
    (one) =>
      one.kind === 'function' &&
      then.has(one.written) &&
      readDemands(readBody(one).pieces).some(
        (demand) =>
          /^(INSERT|UPDATE)$/.test(demand.verb) &&
          isMentionOf(demand.mention, table) &&
          (demand.columns === null || demand.columns.some((name) => names.includes(name))),
      ),
  );
  return [...wereWriting.filter((role) => areWriting.includes(role)), ...functions.map(nameOf)];
}

/** By a privilege on the table, or on one of the columns, and policies that let some row through. */
const rolesThatWrite = (
  objects: readonly DatabaseObject[],
  table: string,
  columns: readonly string[],
): string[] => [
  ...new Set(
    objects.flatMap(({ kind, relation, name, place, role }) => {
      const [verb] = /^(INSERT|UPDATE) /.exec(name) ?? [];
      const isOfThem =
        name.startsWith(`${verb}of `) || columns.some((column) => name.startsWith(`${verb}(${column}) of `));
      return kind === 'privilege' && relation === table && role !== null && place !== 'no row' && isOfThem
        ? [role]
        : [];
    }),
  ),
];
