/** The pieces of a body, or a definition → whether it takes one of several rows that nobody has put into an order. */
import { callsAround, readParentheses } from './read-figures.js';
import { type Piece, readPieces } from './read-pieces.js';
import { splitDefinition } from './split-definition.js';

export function takesTheFirst(pieces: readonly Piece[]): boolean {
  return pieces.some((piece, at) => {
    if (piece.kind !== 'word') return false;
    if (listsRows.test(piece.text) && pieces[at + 1]?.text === '(')
      return !hasWord(readParentheses(pieces, at + 1), /^order$/);
    if (piece.text === 'for') return loopsOnce(pieces, at);
    if (!isTheFirst(pieces, at)) return false;
    return callsAround(pieces, at - 1)[0] !== 'exists' && isInNoOrder(statementAround(pieces, at));
  });
}

/** `for one in select … loop return one.id; end loop`: where the first row ends it. */
function loopsOnce(pieces: readonly Piece[], at: number): boolean {
  const [start, loop] = ['in', 'loop'].map((word) =>
    pieces.findIndex(({ kind, text }, place) => place > at && kind === 'word' && text === word),
  ) as [number, number];
  if (start < 0 || loop < start || pieces[start + 1]?.text !== 'select') return false;
  const end = pieces.findIndex(
    ({ text }, place) => place > loop && text === 'end' && pieces[place + 1]?.text === 'loop',
  );
  const isEnded = pieces.some(({ kind, text }, place) => {
    if (place < loop || place > end || kind !== 'word') return false;
    return text === 'exit' || (text === 'return' && !/^(next|query)$/.test(pieces[place + 1]?.text ?? ''));
  });
  return isEnded && isInNoOrder(pieces.slice(start + 1, loop));
}

/** `returns boolean language sql as 'select is_open from books'`: of several rows the first is the answer. */
export function answersTheFirst(definition: string): boolean {
  const { head, body } = splitDefinition(definition) ?? { head: '', body: '' };
  if (!/\n LANGUAGE sql\b/.test(head) || /\n RETURNS (SETOF|TABLE|void|trigger)\b/.test(head)) return false;
  let depth = 0;
  let last: Piece[] = [];
  let isBegunAnew = false;
  for (const piece of readPieces(body)) {
    if (piece.text === ')' && piece.kind === 'sign') depth -= 1;
    if (depth === 0) {
      if (isBegunAnew) last = [];
      isBegunAnew = piece.kind === 'sign' && piece.text === ';';
      last.push(piece);
    }
    if (piece.text === '(' && piece.kind === 'sign') depth += 1;
  }
  return last[0]?.text === 'select' && !hasWord(last, /^(limit|fetch)$/) && isInNoOrder(last);
}

const listsRows = /^(string_agg|xmlagg|jsonb?_agg)$/;

/** `limit 1`, `fetch first row only`, `select a into b from c`, `a cursor for select`. */
function isTheFirst(pieces: readonly Piece[], at: number): boolean {
  const [last, word, next] = [pieces[at - 1]?.text, pieces[at]?.text, pieces[at + 1]?.text ?? ''];
  if (word === 'limit') return last !== '.' && next !== '(' && next !== 'all';
  if (word === 'fetch')
    return /^(first|next)$/.test(next) && /^\d*$|^rows?$/.test(pieces[at + 2]?.text ?? '');
  if (word === 'cursor') return next === 'for';
  return word === 'into' && last !== 'insert' && last !== 'merge';
}

/** Of one that compares nothing for being equal, any row may come; of an aggregate there is one. */
function isInNoOrder(statement: readonly Piece[]): boolean {
  const isOfATable = statement.some(
    ({ text }, at) => text === 'from' && statement[at + 1]?.text !== '(' && !isACall(statement, at + 1),
  );
  return (
    isOfATable &&
    !hasWord(
      statement,
      /^(order|group|count|sum|min|max|avg|every|bool_(and|or)|exists|\w+_agg|returning)$/,
    ) &&
    !statement.some(
      ({ kind, text }, at) => kind === 'sign' && text === '=' && statement[at - 1]?.text !== ':',
    )
  );
}

/** `from pg_catalog.generate_series(1, 2)`. */
function isACall(pieces: readonly Piece[], from: number): boolean {
  let at = from;
  while (pieces[at + 1]?.text === '.') at += 2;
  return pieces[at + 1]?.text === '(';
}

const hasWord = (pieces: readonly Piece[], word: RegExp): boolean =>
  pieces.some(({ kind, text }) => kind === 'word' && word.test(text));

/** From the semicolon or the parenthesis before it to the one behind it. */
function statementAround(pieces: readonly Piece[], at: number): readonly Piece[] {
  const edge = (step: 1 | -1, [opening, closing]: readonly [string, string]) => {
    let depth = 0;
    let place = at;
    for (; place >= 0 && place < pieces.length; place += step) {
      const text = pieces[place]?.text;
      if (text === opening) depth += 1;
      if (text === closing) depth -= 1;
      if (depth < 0 || (depth === 0 && text === ';')) break;
    }
    return place;
  };
  return pieces.slice(edge(-1, [')', '(']) + 1, edge(1, ['(', ')']));
}
