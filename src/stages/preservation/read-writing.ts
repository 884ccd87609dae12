/** A word in the SQL of an object → what is written there, where the word begins a statement that writes. */
import { isName, type Piece } from './read-pieces.js';

const verbs: ReadonlyMap<string, string> = new Map([
  ['insert', 'writes'],
  ['merge', 'writes'],
  ['update', 'writes'],
  ['delete', 'deletes from'],
  ['truncate', 'empties'],
  ['drop', 'drops'],
]);

/** `['writes public.fees']`, or nothing. */
export function readWriting(pieces: readonly Piece[], at: number): string[] {
  const name = pieces[at]?.text ?? '';
  return isWriting(name, pieces[at + 1]) ? [`${verbs.get(name)} ${readTarget(pieces, at + 1)}`] : [];
}

const isNoTarget = /^(set|of|on|or|skip|nowait|cascade|restrict|no)$/;

function isWriting(name: string, next: Piece | undefined): boolean {
  if (name === 'insert' || name === 'merge') return next?.text === 'into';
  if (name === 'delete') return next?.text === 'from';
  // Not `for update`, `do update set`, `after update on`, `on update cascade`.
  return verbs.has(name) && isName(next) && !isNoTarget.test(next?.text ?? '');
}

const beforeTarget = ['into', 'from', 'only', 'table', 'function', 'policy', 'if', 'exists'];

function readTarget(pieces: readonly Piece[], from: number): string {
  let at = from;
  while (beforeTarget.includes(pieces[at]?.text ?? '')) at += 1;
  const parts = [];
  while (isName(pieces[at])) {
    parts.push((pieces[at] as Piece).text);
    if (pieces[at + 1]?.text !== '.') break;
    at += 2;
  }
  return parts.join('.') || 'something';
}
