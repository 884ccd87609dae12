/** The pieces of a body → where its clauses, parentheses and choices begin and end. */
import { callsAround } from './read-figures.js';
import type { Piece } from './read-pieces.js';

export interface Range {
  readonly from: number;
  /** Behind its last piece. */
  readonly to: number;
}

const conditions = /^(if|elsif|elseif|while|when|where|on|having|until|assert|check|case)$/;
const values =
  /^(then|else|select|values|set|return|returning|query|perform|raise|using|default|into|execute|call|limit|offset|loop|begin|declare|by|do|next|all|distinct)$/;
const ends =
  /^(then|else|when|end|loop|from|where|group|having|order|limit|offset|into|union|except|intersect|returning|using|window|do|as|for|execute)$/;

export const isCondition = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]?.kind === 'word' && conditions.test(pieces[at]?.text ?? '');

/** Where a clause begins: its word, the sign of an assignment, or a semicolon. */
export function beginsAClause(pieces: readonly Piece[], at: number): boolean {
  const piece = pieces[at];
  const [last, next] = [pieces[at - 1]?.text ?? '', pieces[at + 1]?.text ?? ''];
  if (piece?.kind === 'sign') return piece.text === ';' || (piece.text === '=' && last === ':');
  if (piece?.kind !== 'word' || last === '.') return false;
  if (piece.text === 'on') return next !== 'conflict';
  if (piece.text === 'in') return /^(for|foreach)$/.test(pieces[at - 2]?.text ?? '');
  if (piece.text === 'from')
    return last !== 'distinct' && !takesFrom.includes(callsAround(pieces, at - 1)[0] ?? '');
  if (piece.text === 'distinct') return last === 'select';
  return conditions.test(piece.text) || values.test(piece.text);
}

const takesFrom = ['extract', 'substring', 'trim', 'overlay'];

/** Of the same level the place before it where a clause begins, or the parenthesis that opens there; -1: there is none. */
export function clauseBefore(pieces: readonly Piece[], from: number): number {
  for (let at = from - 1; at >= 0; at = before(pieces, at)) {
    if (isSign(pieces, at, '(') || beginsAClause(pieces, at)) return at;
  }
  return -1;
}

/** The word of a clause there or around it. */
export function clauseAround(pieces: readonly Piece[], clause: number): number {
  let at = clause;
  while (at >= 0 && isSign(pieces, at, '(')) at = clauseBefore(pieces, at);
  return at;
}

/** Behind the last `and`, `or`, `not` or comma of its level. */
export function startOf(pieces: readonly Piece[], from: number): number {
  for (let at = from - 1; at >= 0; at = before(pieces, at)) {
    if (isSign(pieces, at, '(') || beginsAClause(pieces, at) || cuts(pieces, at)) return at + 1;
  }
  return 0;
}

export function endOf(pieces: readonly Piece[], from: number): number {
  for (let at = from; at < pieces.length; at += 1) {
    const { kind, text } = pieces[at] as Piece;
    if (isSign(pieces, at, '(')) at = closingOf(pieces, at);
    else if (kind === 'sign' && /^[);]$/.test(text)) return at;
    else if (cuts(pieces, at)) return at;
    else if (kind === 'word' && ends.test(text) && pieces[at - 1]?.text !== 'distinct') return at;
  }
  return pieces.length;
}

/** The piece before it; of what ends with a parenthesis, or with the `end` of a `case`, the one before that. */
function before(pieces: readonly Piece[], at: number): number {
  const [last, text] = [at - 1, pieces[at - 1]?.text];
  if (isSign(pieces, last, ')')) return openAround(pieces, last) - 1;
  if (text !== 'end' || pieces[last]?.kind !== 'word') return last;
  const start = caseAround(pieces, last);
  return start < 0 ? last : start - 1;
}

function cuts(pieces: readonly Piece[], at: number): boolean {
  const { kind, text } = pieces[at] as Piece;
  if (kind === 'sign') return text === ',';
  if (kind !== 'word') return false;
  if (text === 'and') return !isOfBetween(pieces, at);
  return text === 'or' || (text === 'not' && pieces[at - 1]?.text !== 'is');
}

function isOfBetween(pieces: readonly Piece[], and: number): boolean {
  for (let at = and - 1; at >= 0; at = before(pieces, at)) {
    const text = pieces[at]?.text ?? '';
    if (text === 'between') return true;
    if (/^(and|or|\(|,|;)$/.test(text) || beginsAClause(pieces, at)) return false;
  }
  return false;
}

/** Where the expression begins whose branch is there; -1: there is none, as of `if a then`. */
export function caseAround(pieces: readonly Piece[], from: number): number {
  let depth = 1;
  for (let at = from - 1; at >= 0; at -= 1) {
    const { kind, text } = pieces[at] as Piece;
    if (isSign(pieces, at, ')')) at = openAround(pieces, at);
    else if (isSign(pieces, at, '(') || isSign(pieces, at, ';')) return -1;
    else if (kind === 'word' && text === 'end') depth += 1;
    else if (kind === 'word' && text === 'case') depth -= 1;
    else if (kind === 'word' && /^(if|elsif|elseif|loop|begin)$/.test(text)) return -1;
    if (depth === 0) return at;
  }
  return -1;
}

export function endOfCase(pieces: readonly Piece[], from: number): number {
  let depth = 0;
  for (let at = from; at < pieces.length; at += 1) {
    if (isSign(pieces, at, '(')) at = closingOf(pieces, at);
    else if (pieces[at]?.text === 'case') depth += 1;
    else if (pieces[at]?.text === 'end') depth -= 1;
    if (depth === 0) return at;
  }
  return pieces.length - 1;
}

export const isSign = (pieces: readonly Piece[], at: number, text: string): boolean =>
  pieces[at]?.kind === 'sign' && pieces[at]?.text === text;

/** The parenthesis that is open there, or the one that opens what is closed there; -1: none. */
export function openAround(pieces: readonly Piece[], from: number): number {
  let depth = 0;
  for (let at = from - 1; at >= 0; at -= 1) {
    if (isSign(pieces, at, ')')) depth += 1;
    if (!isSign(pieces, at, '(')) continue;
    if (depth === 0) return at;
    depth -= 1;
  }
  return -1;
}

export function closingOf(pieces: readonly Piece[], open: number): number {
  let depth = 0;
  for (let at = open; at < pieces.length; at += 1) {
    if (isSign(pieces, at, '(')) depth += 1;
    if (isSign(pieces, at, ')')) depth -= 1;
    if (depth === 0) return at;
  }
  return pieces.length;
}
