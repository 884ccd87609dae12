/** The pieces of a body → whether it looks at a part of who asks, or at the time in words or figures. */
import type { Piece } from './read-pieces.js';
import { showsTheZone, turnsTimes } from './what-names-tell.js';

/** Whether `auth.uid()` or the like stands between the parentheses that open there. */
export function isGivenThePerson(pieces: readonly Piece[], open: number): boolean {
  let depth = 0;
  for (let at = open; at < pieces.length; at += 1) {
    const { text } = pieces[at] as Piece;
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0) return false;
    if (isThePerson(pieces, at)) return true;
  }
  return false;
}

const isThePerson = (pieces: readonly Piece[], at: number): boolean =>
  /^(uid|user_id|email)$/.test(pieces[at]?.text ?? '') &&
  pieces[at + 1]?.text === '(' &&
  pieces[at + 2]?.text === ')';

/** `auth.uid()::text like 'a%'`. */
export function isLikeAText(pieces: readonly Piece[]): boolean {
  return pieces.some((_, at) => {
    if (!isThePerson(pieces, at)) return false;
    const rest = pieces
      .slice(at + 3, at + 12)
      .map(({ kind, text }) => (kind === 'string' ? "''" : text))
      .join(' ');
    return /^[) ]*((: ?:|as) ?(text|varchar) ?[) ]*)?(not )?(i?like|similar to|!?~~?\*?|<|>|<=|>=) ?\(?''(?! ?(: ?: ?text)? ?\|)/.test(
      rest,
    );
  });
}

/** `now()::text`, `to_char(now(), 'OF')`, `extract(timezone from now())`, `extract(epoch from now())`; not the seconds between two times. */
export function isInFigures(pieces: readonly Piece[]): boolean {
  return pieces.some(({ kind, text }, at) => {
    if (kind !== 'word') return false;
    if (showsTheZone.includes(text)) return true;
    if (turnsTimes.includes(text) && pieces[at + 1]?.text === '(') return true;
    if (text === 'extract') return !isOfADifference(pieces, at + 1);
    if (!/^(text|varchar|bpchar)$/.test(text)) return false;
    const before = pieces
      .slice(Math.max(0, at - 8), at)
      .map((piece) => piece.text)
      .join('');
    return /(now\(\)|current_timestamp|statement_timestamp\(\))\)*(::|as)$|interval\)?(::|as)$/.test(before);
  });
}

function isOfADifference(pieces: readonly Piece[], open: number): boolean {
  let depth = 0;
  const given: string[] = [];
  for (const { text } of pieces.slice(open)) {
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    given.push(text);
    if (depth === 0) break;
  }
  return given.includes('-') && !given.some((text) => text.startsWith('timezone'));
}
