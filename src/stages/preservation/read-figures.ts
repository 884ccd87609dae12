/** The pieces of a body → whether it looks at a part of who asks, or at the time in words or figures. */
import { joinTexts, type Piece } from './read-pieces.js';
import { showsTheZone, turnsTimes } from './what-names-tell.js';

/** Whether `auth.uid()` or the like stands between the parentheses that open there. */
export function isGivenThePerson(pieces: readonly Piece[], open: number): boolean {
  const given = readParentheses(pieces, open);
  return given.some((_, at) => isThePerson(given, at));
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

/** `interval '1 day'::text`, `extract(timezone from a)`, `to_char(a, 'OF')`: as it is set for the session, by whoever asks. */
export function showsASetting(pieces: readonly Piece[]): boolean {
  return pieces.some(({ kind, text }, at) => {
    if (/^timezone(_hour|_minute)?$/i.test(text) && pieces[at - 1]?.text === '(')
      return /^(extract|date_part)$/.test(pieces[at - 2]?.text ?? '');
    if (kind === 'string') return /^(OF|TZ[HM]?)$/i.test(text) && isGivenTo(pieces, at, 'to_char');
    return (
      kind === 'word' &&
      isText(text) &&
      /(interval|bytea|money|reg(class|type|proc(edure)?|oper(ator)?))(\(\d\))?\)*(::|as)(pg_catalog\.)?$/.test(
        joinedBefore(pieces, at),
      )
    );
  });
}

/** Whether a call of that function is open there, and none within it. */
export const isGivenTo = (pieces: readonly Piece[], from: number, name: string): boolean =>
  callsAround(pieces, from)[0] === name;

/** What stands before each parenthesis that is open there, the innermost first. */
export function callsAround(pieces: readonly Piece[], from: number): string[] {
  const names: string[] = [];
  let depth = 0;
  for (let at = from; at >= 0; at -= 1) {
    const { text } = pieces[at] as Piece;
    if (text === ')') depth += 1;
    if (text === '(') depth -= 1;
    if (depth >= 0) continue;
    depth = 0;
    names.push(pieces[at - 1]?.text ?? '');
  }
  return names;
}

const isText = (text: string): boolean => /^(text|varchar|bpchar)$/.test(text);

const joinedBefore = (pieces: readonly Piece[], at: number): string => joinTexts(pieces, at - 8, at);

/** `now()::text`, `to_char(now(), 'OF')`, `extract(epoch from now())`; not the seconds between two times. */
export function isInFigures(pieces: readonly Piece[]): boolean {
  return pieces.some(({ kind, text }, at) => {
    if (kind !== 'word') return false;
    if (showsTheZone.includes(text)) return true;
    if (turnsTimes.includes(text) && pieces[at + 1]?.text === '(') return true;
    if (text === 'extract') return !isOfADifference(pieces, at + 1);
    return (
      isText(text) &&
      /(now\(\)|current_timestamp|statement_timestamp\(\))\)*(::|as)$/.test(joinedBefore(pieces, at))
    );
  });
}

function isOfADifference(pieces: readonly Piece[], open: number): boolean {
  const given = readParentheses(pieces, open).map(({ text }) => text);
  return given.includes('-') && !given.some((text) => text.startsWith('timezone'));
}

/** From the parenthesis that opens there to the one that closes it. */
export function readParentheses(pieces: readonly Piece[], open: number): readonly Piece[] {
  let depth = 0;
  for (let at = open; at < pieces.length; at += 1) {
    const { text } = pieces[at] as Piece;
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0) return pieces.slice(open, at + 1);
  }
  return pieces.slice(open);
}
