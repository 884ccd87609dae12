/** Functions with their definer's rights that stayed as they were → which name what was not there before, and is there now. */
import type { RowDifference } from '../../model.js';
import { bareOf, type DatabaseObject, nameOf } from './read-objects.js';
import { mentionsIn, type Piece, readPieces, standsAsATable } from './read-pieces.js';
import type { Shapes } from './read-shapes.js';
import { splitDefinition } from './split-definition.js';

export interface Given {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
  readonly shapes: Shapes;
  readonly shapesNow: Shapes;
}

export interface Body {
  readonly pieces: readonly Piece[];
  /** Whether it finds what it names without a schema. */
  readonly hasAPath: boolean;
}

/** They answered everybody with an error, and nobody has seen what they answer now. */
export function findComeAlive({ before, after, shapes, shapesNow }: Given): RowDifference[] {
  const arrived = new Set(namesOf(after, shapesNow));
  for (const name of namesOf(before, shapes)) arrived.delete(name);
  if (arrived.size === 0) return [];
  const known = new Set([...namesOf(before, shapes)].map(bareOf));
  const bare = new Map([...arrived].map((name) => [bareOf(name), name]));
  for (const name of known) bare.delete(name);

  const then = new Set(before.filter(({ kind }) => kind === 'function').map(({ written }) => written));
  const old = after.filter(({ kind, written }) => kind === 'function' && then.has(written));
  const named = new Map(old.flatMap((one) => [[one.name, one] as const, [bareOf(one.name), one] as const]));
  const callable = new Set(
    after.flatMap(({ kind, name, relation }) =>
      kind === 'privilege' && name.startsWith('EXECUTE ') ? [relation] : [],
    ),
  );

  return old.flatMap((definer) => {
    const said = definer.said ?? '';
    const isCalled = callable.has(nameOf(definer)) || /\n RETURNS (event_)?trigger\n/.test(said);
    if (!isCalled || !/\n (?:.* )?SECURITY DEFINER\b/.test(said)) return [];
    const found = new Set<string>();
    const reached = new Set([definer]);
    for (const one of reached) {
      const body = readBody(one);
      const through = one === definer ? '' : ` through ${one.name}`;
      for (const name of namedIn(body, arrived, bare)) found.add(`${name}, which is there now,${through}`);
      for (const name of callsIn(body.pieces)) {
        const next = named.get(name);
        if (next !== undefined) reached.add(next);
      }
    }
    const columns = [...found].map((text) => text.replace(/,$/, ''));
    return columns.length === 0
      ? []
      : [{ word: 'means something else', table: nameOf(definer), key: null, columns }];
  });
}

export function* namesOf(objects: readonly DatabaseObject[], shapes: Shapes): Generator<string> {
  yield* shapes.keys();
  for (const { kind, name, relation } of objects) {
    if (kind === 'function' || kind === 'type') yield name;
    if (kind === 'view' && relation !== null) yield relation;
  }
}

export function readBody({ said }: DatabaseObject): Body {
  // One that Postgres keeps parsed names nothing that is not there.
  const { head, body } = splitDefinition(said ?? '') ?? { head: '', body: '' };
  return { pieces: readPieces(body), hasAPath: !/\n SET search_path TO ''/.test(head) };
}

/** Which of `names` it reads, writes or calls; `bare` are those that it may say without a schema. */
export function namedIn(
  { pieces, hasAPath }: Body,
  names: ReadonlySet<string>,
  bare: ReadonlyMap<string, string>,
): string[] {
  return [...mentionsIn(pieces)].flatMap(({ whole, schema, from, at }) => {
    if (schema !== null) return names.has(whole) ? [whole] : [];
    const name = hasAPath ? bare.get(whole) : undefined;
    const isUsed =
      pieces[at + 1]?.text === '(' || (standsAsATable(pieces, from) && !isOfItsOwn(pieces, whole));
    return name !== undefined && isUsed ? [name] : [];
  });
}

/** `with rooms as (`. */
export const isOfItsOwn = (pieces: readonly Piece[], name: string): boolean =>
  pieces.some(
    ({ text }, at) => text === name && pieces[at + 1]?.text === 'as' && pieces[at + 2]?.text === '(',
  );

export const callsIn = (pieces: readonly Piece[]): string[] =>
  [...mentionsIn(pieces)].flatMap(({ whole, at }) => (pieces[at + 1]?.text === '(' ? [whole] : []));
