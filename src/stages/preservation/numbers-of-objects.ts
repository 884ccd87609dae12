/** The pieces of a body → whether it reads the number that the server has given to an object, which is another on each. */
import { openAround } from './clauses.js';
import { isName, type Piece } from './read-pieces.js';

/** `'public.rooms'::regclass::oid > 99999`; not `nextval('public.n'::regclass)`, nor `tg_relid = 'public.rooms'::regclass`. */
export function readsTheNumber(pieces: readonly Piece[]): boolean {
  return pieces.some((piece, at) => {
    if (!isName(piece)) return false;
    if (piece.text === 'tg_relid') return !isOneOf(pieces, { from: at, to: at + 1 });
    // Of a value of an enum.
    if (/^hashenum/.test(piece.text)) return pieces[at + 1]?.text === '(';
    if (piece.text === 'pg_typeof' && pieces[at + 1]?.text === '(')
      return isCastTo(pieces, behindCall(pieces, at + 1), toNumber);
    if (!ofObjects.test(piece.text)) return false;
    const from = startOfCast(pieces, at);
    return from >= 0 && !isOneOf(pieces, { from, to: at + 1 });
  });
}

const ofObjects = /^reg(class|proc|procedure|oper|operator|type|role|namespace|collation)$/;
const toNumber = /^(oid|int[248]?|bigint|integer|smallint|numeric|decimal|real|float[48]?|double)$/;

/** Functions that take an object for what it is. */
const takesObjects =
  /^(nextval|currval|setval|has_\w+|pg_\w+|to_\w+|\w+_description|format|concat|concat_ws|quote_\w+|array|any|all)$/;

/** Whether it is given to a function, is the object that something else is, is written as a text, or stands alone. */
function isOneOf(pieces: readonly Piece[], place: { readonly from: number; readonly to: number }): boolean {
  let { from, to } = place;
  for (;;) {
    const [last, next] = [pieces[from - 1]?.text, pieces[to]?.text];
    if (isCastTo(pieces, to, /^text|varchar$/) || isCastTo(pieces, to, ofObjects)) return true;
    if (isCastTo(pieces, to, /./)) return false;
    if (last === undefined && next === undefined) return true;
    if (last === '(' && next === ')' && !isName(pieces[from - 2])) {
      from -= 1;
      to += 1;
      continue;
    }
    const isEqual = (at: number) =>
      pieces[at]?.text === '=' || (pieces[at]?.text === '>' && pieces[at - 1]?.text === '<');
    const isCompared = isEqual(from - 1) && pieces[from - 2]?.text !== ':';
    if (isCompared || isEqual(to) || (next === '<' && isEqual(to + 1)))
      return !/^[\d(]$/.test(pieces[isCompared ? from - 2 : to + (next === '<' ? 2 : 1)]?.text ?? '');
    const open = openAround(pieces, from);
    const called = pieces[open - 1];
    const isGiven = /^[(,[]$/.test(last ?? '') && /^[),\]]$/.test(next ?? '');
    return isGiven && (last === '[' || next === ']' || (open >= 0 && takesObjects.test(called?.text ?? '')));
  }
}

const isCastTo = (pieces: readonly Piece[], at: number, type: RegExp): boolean => {
  if (pieces[at]?.text === 'as') return type.test(pieces[at + 1]?.text ?? '');
  if (pieces[at]?.text !== ':' || pieces[at + 1]?.text !== ':') return false;
  const name = pieces[at + 3]?.text === '.' ? at + 4 : at + 2;
  return type.test(pieces[name]?.text ?? '');
};

/** Where what is cast to it begins, `'public.rooms'::regclass`; -1: it is no cast, as the name of a type in a declaration. */
function startOfCast(pieces: readonly Piece[], at: number): number {
  const type = pieces[at - 1]?.text === '.' ? at - 2 : at;
  if (pieces[type - 1]?.text === 'as')
    return openAround(pieces, type) < 0 ? -1 : openAround(pieces, type) + 1;
  if (pieces[type - 1]?.text !== ':' || pieces[type - 2]?.text !== ':')
    return pieces[at + 1]?.kind === 'string' ? type : -1;
  const end = type - 3;
  if (pieces[end]?.text !== ')') return startOfName(pieces, end);
  const open = openAround(pieces, end);
  return isName(pieces[open - 1]) ? startOfName(pieces, open - 1) : open;
}

function startOfName(pieces: readonly Piece[], end: number): number {
  let at = end;
  while (pieces[at - 1]?.text === '.') at -= 2;
  return at;
}

function behindCall(pieces: readonly Piece[], open: number): number {
  let depth = 0;
  for (let at = open; at < pieces.length; at += 1) {
    if (pieces[at]?.text === '(') depth += 1;
    if (pieces[at]?.text === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return pieces.length;
}
