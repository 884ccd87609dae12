/** The text of a view → by what its conditions keep rows out, whatever rows there are: what they compare with, which columns they ask by themselves, where it ends. */
import { isName, type Piece } from './read-pieces.js';

/** `it compares with 1000`; of a column that is asked by itself its name, for whoever knows it under another. */
export interface Bound {
  readonly column: string;
  readonly say: (column: string) => string;
  /** Where it stands among the pieces. */
  readonly at: number;
}

/** As Postgres writes a view: `it compares with 1000`, `it asks whether closed_at is null`; `namesOf`: what a column may be called. */
export const boundsIn = (
  pieces: readonly Piece[],
  namesOf: (column: string) => readonly string[] = (column) => [column],
): string[] =>
  findBounds(pieces, whereItDecides(pieces)).flatMap(({ column, say }) => namesOf(column).map(say));

/** `decides`: of each piece whether it stands in what decides which rows there are. */
export function findBounds(pieces: readonly Piece[], decides: readonly boolean[]): Bound[] {
  return pieces.flatMap(({ kind, text }, at): Bound[] => {
    const says = (said: string): Bound => ({ column: '', say: () => said, at });
    if (decides[at] !== true) return [];
    const ended = endsBehind(pieces, at);
    if (ended !== null) return [says(ended)];
    if (kind === 'string') return [says(`it compares with ${constantOf(text)}`)];
    if (kind === 'word') {
      const asked = asksItself(pieces, at);
      return asked === null ? [] : [asked];
    }
    if (!isDigit(pieces[at]) || isDigit(pieces[at - 1]) || isOfAType(pieces, at)) return [];
    return [says(`it compares with ${numberFrom(pieces, at)}`)];
  });
}

/** As it is written of every type that it may be of: a number, a day. */
function constantOf(text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  return `'${text.replace(/(?<=^\d{4}-\d\d-\d\d)( 00:00:00)?([+-]00)?$/, '').replace(/(?<= \d\d:\d\d:\d\d(\.\d+)?)[+-]00$/, '')}'`;
}

const begins = /^(from|where|on|having|limit|offset|fetch)$/;
const ends = /^(group|order|window|union|intersect|except|select)$/;

/** Of each piece whether it stands in what decides which rows there are, and not in what they say. */
export function whereItDecides(pieces: readonly Piece[]): boolean[] {
  const around = [false];
  let is = false;
  return pieces.map(({ kind, text }, at) => {
    if (kind === 'sign' && text === '(') around.push(is);
    else if (kind === 'sign' && text === ')') is = (around.length > 1 ? around.pop() : false) ?? false;
    else if (kind === 'word' && begins.test(text) && pieces[at - 1]?.text !== 'distinct') is = true;
    else if (kind === 'word' && ends.test(text)) is = around[around.length - 1] ?? false;
    return is;
  });
}

/** `LIMIT 10`, of which Postgres writes `FETCH FIRST 10 ROWS`, too. */
function endsBehind(pieces: readonly Piece[], at: number): string | null {
  if (!isDigit(pieces[at])) return null;
  const clause = pieces.findLastIndex(
    ({ kind, text }, place) => place < at && kind === 'word' && !/^(first|next)$/.test(text),
  );
  const isFirst = pieces.slice(clause + 1, at).every(({ text }) => /^[(]|first|next$/.test(text));
  const word = pieces[clause]?.text ?? '';
  if (!isFirst || !/^(limit|offset|fetch)$/.test(word)) return null;
  const number = numberFrom(pieces, at);
  return word === 'offset' ? `it leaves out the first ${number}` : `it ends behind ${number}`;
}

const isDigit = (piece: Piece | undefined): boolean => piece?.kind === 'sign' && /^[\d.]$/.test(piece.text);

function numberFrom(pieces: readonly Piece[], from: number): string {
  let number = '';
  for (let at = from; isDigit(pieces[at]); at += 1) number += pieces[at]?.text;
  return number;
}

/** `::numeric(12,2)`; a dot between two names is no digit. */
function isOfAType(pieces: readonly Piece[], at: number): boolean {
  if (pieces[at]?.text === '.' && !isDigit(pieces[at + 1])) return true;
  const open = pieces.findLastIndex(({ text }, place) => place < at && /^[()]$/.test(text));
  if (pieces[open]?.text !== '(') return false;
  for (let place = open - 1; isName(pieces[place]) || pieces[place]?.text === '.'; place -= 1)
    if (pieces[place - 1]?.text === ':') return true;
  return false;
}

/** `closed_at is not null`, `is_open`, `not is_open`. */
function asksItself(pieces: readonly Piece[], at: number): Bound | null {
  const { text } = pieces[at] as Piece;
  if (text === 'is') {
    const isNot = pieces[at + 1]?.text === 'not';
    const what = pieces[at + (isNot ? 2 : 1)]?.text ?? '';
    let before = at - 1;
    while (pieces[before]?.text === ')') before -= 1;
    return /^(null|true|false|unknown)$/.test(what)
      ? {
          column: pieces[before]?.text ?? '',
          say: (column) => `it asks whether ${column} is ${isNot ? 'not ' : ''}${what}`,
          at,
        }
      : null;
  }
  if (!/^(where|and|or|not|on|having)$/.test(text) || pieces[at - 1]?.text === 'is') return null;
  let from = at + 1;
  while (pieces[from]?.text === '(') from += 1;
  let to = from;
  while (pieces[to + 1]?.text === '.') to += 2;
  let behind = to + 1;
  while (pieces[behind]?.text === ')') behind += 1;
  const next = pieces[behind];
  const isAlone =
    next === undefined || next.text === ';' || (next.kind === 'word' && endsACondition.test(next.text));
  return isName(pieces[from]) && !isAWord.test(pieces[from]?.text ?? '') && isAlone
    ? {
        column: pieces[to]?.text ?? '',
        say: (column) => `it asks ${text === 'not' ? 'not ' : ''}${column}`,
        at,
      }
    : null;
}

const isAWord = /^(not|true|false|null)$/;

const endsACondition =
  /^(and|or|group|order|having|limit|offset|fetch|window|union|intersect|except|join|left|right|full|inner|cross)$/;
