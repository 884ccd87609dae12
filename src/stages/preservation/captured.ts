/** Functions that stayed as they were → which of them mean something else, or nothing, by the columns that came or went in the tables that they name. */
import type { RowDifference } from '../../model.js';
import { bareOf, type DatabaseObject, nameOf } from './read-objects.js';
import { isMentionOf, isName, type Piece, readMention, readPieces, standsAsATable } from './read-pieces.js';
import type { Shape, Shapes } from './read-shapes.js';
import { splitDefinition } from './split-definition.js';

interface Given {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
  readonly shapes: Shapes;
  readonly shapesNow: Shapes;
}

interface Renewed {
  readonly table: string;
  readonly came: readonly string[];
  readonly went: readonly string[];
}

export function findCaptured({ before, after, shapes, shapesNow }: Given): RowDifference[] {
  const renewed = findRenewed(shapes, shapesNow);
  const appeared = findTwins(shapes, shapesNow);
  if (renewed.length === 0 && appeared.length === 0) return [];
  const then = new Set(before.filter(({ kind }) => kind === 'function').map(({ written }) => written));
  return after.flatMap((one) => {
    // A text is read again at each call.
    const body = splitDefinition(one.said ?? '')?.body;
    if (
      one.kind !== 'function' ||
      !then.has(one.written) ||
      body === undefined ||
      !/\n LANGUAGE (sql|plpgsql)\b/.test(one.said ?? '')
    )
      return [];
    const answersATable = /\n RETURNS TABLE\(/.test(one.said ?? '');
    const found = statementsOf(readPieces(body)).flatMap((pieces) => [
      ...renewed
        .filter(({ table }) => mentions(pieces, table))
        .flatMap((table) => judgeStatement(pieces, table, { answersATable, after: shapesNow })),
      ...appeared
        .filter((table) =>
          pieces.some((_, at) => isAlone(pieces, at, bareOf(table)) && standsAsATable(pieces, at)),
        )
        .map((table) => `${bareOf(table)}, which may be ${table} now`),
    ]);
    return found.length === 0
      ? []
      : [{ word: 'means something else', table: nameOf(one), key: null, columns: [...new Set(found)] }];
  });
}

function judgeStatement(
  pieces: readonly Piece[],
  { table, came, went }: Renewed,
  { answersATable, after }: { readonly answersATable: boolean; readonly after: Shapes },
): string[] {
  const names = (column: string) => pieces.some((_, at) => isAlone(pieces, at, column));
  const isOfAnother = (column: string) =>
    [...after.values()].some(
      ({ name, columns }) =>
        name !== table && columns.some((one) => one.name === column) && mentions(pieces, name),
    );
  return [
    ...came.filter(names).map((column) => `${column}, which is a column of ${table} now`),
    ...went
      .filter((column) => (names(column) && !isOfAnother(column)) || isQualified(pieces, table, column))
      .map((column) => `${column}, which is no column of ${table} now`),
    ...((answersATable || pieces[0]?.text === 'insert') && takesAll(pieces)
      ? [`all columns of ${table}, which are others now`]
      : []),
  ];
}

function findRenewed(before: Shapes, after: Shapes): Renewed[] {
  const then = new Map([...before.values()].map((shape) => [shape.oid, shape]));
  return [...after.values()].flatMap((now) => {
    const old = then.get(now.oid);
    if (old === undefined) return [];
    const [came, went] = [lackedBy(old, now), lackedBy(now, old)];
    return came.length + went.length === 0 ? [] : [{ table: now.name, came, went }];
  });
}

const lackedBy = (one: Shape, other: Shape): string[] =>
  other.columns.map(({ name }) => name).filter((name) => !one.columns.some((column) => column.name === name));

/** New tables of a name that one of another schema has: a path decides which of them is meant. */
function findTwins(before: Shapes, after: Shapes): string[] {
  const known = new Set([...before.keys()].map(bareOf));
  return [...after.keys()].filter((name) => !before.has(name) && known.has(bareOf(name)));
}

function statementsOf(pieces: readonly Piece[]): (readonly Piece[])[] {
  const statements: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind === 'sign' && piece.text === ';') statements.push([]);
    else statements.at(-1)?.push(piece);
  }
  return statements;
}

/** Read or written by the statement; rows that are added to it alone say nothing of its columns. */
function mentions(pieces: readonly Piece[], table: string): boolean {
  const asksBack = pieces.some(({ kind, text }) => kind === 'word' && /^(returning|conflict)$/.test(text));
  return pieces.some((piece, at) => {
    if (!isName(piece) || pieces[at - 1]?.text === '.') return false;
    return isMentionOf(readMention(pieces, at), table) && (asksBack || pieces[at - 1]?.text !== 'into');
  });
}

/** `f.amount`, where `f` stands for the table. */
function isQualified(pieces: readonly Piece[], table: string, column: string): boolean {
  const calledAs = new Set([bareOf(table)]);
  for (const [at, piece] of pieces.entries()) {
    if (!isName(piece) || pieces[at - 1]?.text === '.') continue;
    const mention = readMention(pieces, at);
    if (!isMentionOf(mention, table)) continue;
    const end = mention.at;
    const alias = pieces[end + 1]?.text === 'as' ? pieces[end + 2] : pieces[end + 1];
    if (isName(alias) && alias !== undefined) calledAs.add(alias.text);
  }
  return pieces.some(
    ({ text }, at) =>
      text === column &&
      pieces[at - 1]?.text === '.' &&
      calledAs.has(pieces[at - 2]?.text ?? '') &&
      pieces[at + 1]?.text !== '(',
  );
}

/** Not a column of something that is named, nor a type, nor a call, nor a name that it gives itself, nor where rows are added to. */
function isAlone(pieces: readonly Piece[], at: number, name: string): boolean {
  const [piece, last, next] = [pieces[at], pieces[at - 1], pieces[at + 1]];
  if (!isName(piece) || piece?.text !== name) return false;
  return (
    !/^(\.|::?)$/.test(last?.text ?? '') &&
    last?.text !== 'as' &&
    !/^[.(]$/.test(next?.text ?? '') &&
    !isInAList(pieces, at)
  );
}

/** `insert into t (a, b)`. */
function isInAList(pieces: readonly Piece[], at: number): boolean {
  let open = at;
  while (pieces[open - 1]?.text === ',' || isName(pieces[open - 1])) open -= 1;
  if (pieces[open - 1]?.text !== '(') return false;
  const before = pieces.slice(Math.max(0, open - 8), open - 1).map(({ text }) => text);
  return before.lastIndexOf('into') >= 0 && !before.slice(before.lastIndexOf('into')).includes('(');
}

/** `select *`, `p.*`; not `count(*)`, `count(p.*)`, `exists (select *`. */
const takesAll = (pieces: readonly Piece[]): boolean =>
  pieces.some(
    ({ text }, at) =>
      text === '*' &&
      /^(select|\.|returning|all|distinct)$/.test(pieces[at - 1]?.text ?? '') &&
      pieces[at - 3]?.text !== 'exists' &&
      !isCounted(pieces, at),
  );

/** `count(p.*)`, `count(public.p.*)`: rows are counted, whatever columns they have. */
function isCounted(pieces: readonly Piece[], at: number): boolean {
  let open = at - 1;
  while (pieces[open]?.text === '.') open -= 2;
  return pieces[open]?.text === '(' && pieces[open - 1]?.text === 'count' && pieces[at + 1]?.text === ')';
}
