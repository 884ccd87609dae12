/** A place in the pieces of a body → what becomes of the value there: it is compared, it decides by itself, or it goes where values go. */
import {
  beginsAClause,
  caseAround,
  clauseAround,
  clauseBefore,
  closingOf,
  endOf,
  endOfCase,
  isCondition,
  isSign,
  openAround,
  type Range,
  startOf,
} from './clauses.js';
import { isName, type Piece } from './read-pieces.js';

const comparing = /^(like|ilike|similar|between|in|distinct)$/;

export interface Outcome {
  /** `known`: whether it is null is asked, no more. */
  readonly is: 'compared' | 'decides' | 'value' | 'known';
  /** What is compared or assigned, from one `and` or comma to the next. */
  readonly within: Range;
  /** The places of the signs that compare, at its own level. */
  readonly signs: readonly number[];
  /** The place of the word or sign that begins the clause, `where`, `if`, `set`, `:=`; -1: the text begins there. */
  readonly clause: number;
}

export function whatBecomesOf(pieces: readonly Piece[], place: Range): Outcome {
  let { from, to } = place;
  for (;;) {
    const atom = { from: startOf(pieces, from), to: endOf(pieces, to) };
    const clause = clauseBefore(pieces, atom.from);
    const signs = signsIn(pieces, atom, clause);
    if (signs.some((at) => pieces[at]?.text !== 'is'))
      return { is: 'compared', within: atom, signs, clause: clauseAround(pieces, clause) };
    if (signs.length > 0) return { is: 'known', within: atom, signs, clause };
    const begins = pieces[clause]?.text ?? '';
    if (begins === '(') {
      if (pieces[clause - 1]?.text === 'nullif')
        return {
          is: 'compared',
          within: insideOf(pieces, clause),
          signs: [],
          clause: clauseAround(pieces, clause),
        };
      from = startOfCall(pieces, clause);
      to = closingOf(pieces, clause) + 1;
    } else if (isCondition(pieces, clause)) return { is: 'decides', within: atom, signs, clause };
    else {
      const open = openAround(pieces, clause);
      const choice = /^(then|else)$/.test(begins) ? caseAround(pieces, clause) : -1;
      if (choice >= 0) {
        from = choice;
        to = endOfCase(pieces, choice) + 1;
      } else if (begins === 'select' && open >= 0 && pieces[open - 1]?.text !== 'exists') {
        from = open;
        to = closingOf(pieces, open) + 1;
      } else return { is: 'value', within: atom, signs, clause };
    }
  }
}

/** Of its level; what is assigned is not compared, and `a => b` names what is given. */
function signsIn(pieces: readonly Piece[], { from, to }: Range, clause: number): number[] {
  const signs: number[] = [];
  for (let at = from; at < to; at += 1) {
    const { kind, text } = pieces[at] as Piece;
    if (isSign(pieces, at, '(')) at = closingOf(pieces, at);
    else if (kind === 'word' && comparing.test(text)) signs.push(at);
    else if (kind === 'word' && text === 'is' && /^(not )?null/.test(textsBehind(pieces, at))) signs.push(at);
    else if (kind === 'sign' && compares(pieces, at) && !isAssigned(pieces, { from, to: at }, clause))
      signs.push(at);
  }
  return signs;
}

const textsBehind = (pieces: readonly Piece[], at: number): string =>
  pieces
    .slice(at + 1, at + 3)
    .map(({ text }) => text)
    .join(' ');

/** `=`, `<`, `~`, `&&`, `@>`; not `:=`, `=>`, `->`, `#>>`. */
function compares(pieces: readonly Piece[], at: number): boolean {
  const [last, text, next] = [pieces[at - 1]?.text ?? '', pieces[at]?.text ?? '', pieces[at + 1]?.text ?? ''];
  if (text === '=') return last !== ':' && next !== '>';
  if (text === '>')
    return !/^[-#=>]$/.test(last) || (last === '>' && !/^[-#>]$/.test(pieces[at - 2]?.text ?? ''));
  return /^[<~]$/.test(text) || (text === '&' && next === '&');
}

/** `set a = now()`, `new.a = now();`, `get diagnostics a = row_count`. */
function isAssigned(pieces: readonly Piece[], { from, to }: Range, clause: number): boolean {
  const begins = pieces[clause]?.text ?? '';
  if (clause >= 0 && !/^(set|using|;|begin|then|else|loop|declare|do)$/.test(begins)) return false;
  if (/^(then|else)$/.test(begins) && caseAround(pieces, clause) >= 0) return false;
  const first = pieces[from];
  return isName(first) || first?.text === '('
    ? pieces.slice(from, to).every((piece) => isName(piece) || /^[().,[\]:]$|^\d$/.test(piece.text))
    : false;
}

const insideOf = (pieces: readonly Piece[], open: number): Range => ({
  from: open + 1,
  to: closingOf(pieces, open),
});

/** With the name of the function that is called there. */
function startOfCall(pieces: readonly Piece[], open: number): number {
  let at = open;
  const [last] = [pieces[open - 1]];
  if (
    !isName(last) ||
    beginsAClause(pieces, open - 1) ||
    /^(and|or|not|in|any|all|some|is)$/.test(last?.text ?? '')
  )
    return at;
  at = open - 1;
  while (pieces[at - 1]?.text === '.' && isName(pieces[at - 2])) at -= 2;
  return at;
}
