/** A value of the moment in a body → the variables and columns that hold it from there on. */
import { closingOf, openAround, type Range } from './clauses.js';
import type { BodyRead, Mentioned, Source } from './moments.js';
import type { Piece } from './read-pieces.js';
import type { Outcome } from './what-becomes-of.js';

/** From the word before its condition: what its end gives, its beginning has the next time. */
export function loopsIn(pieces: readonly Piece[]): Range[] {
  const open: number[] = [];
  return pieces.flatMap(({ kind, text }, at): Range[] => {
    if (kind !== 'word' || text !== 'loop') return [];
    if (pieces[at - 1]?.text !== 'end') {
      let from = at;
      while (
        from > 0 &&
        pieces[from - 1]?.text !== ';' &&
        !/^(loop|begin|then|else)$/.test(pieces[from - 1]?.text ?? '')
      )
        from -= 1;
      open.push(from);
      return [];
    }
    const from = open.pop();
    return from === undefined ? [] : [{ from, to: at }];
  });
}

/** What is assigned or read into something is what this holds from there on. */
export function giveOn(
  { pieces, mentions, loops, given }: BodyRead,
  source: Source,
  { clause, within }: Outcome,
): void {
  const isBare = source.from === within.from && source.to === within.to;
  const moment =
    source.moment === 'time' && !isBare && !isAssignedAlone(pieces, source, within) ? 'day' : source.moment;
  const loop = loops.find(({ from, to }) => from < source.from && source.from < to);
  for (const name of targetsOf(pieces, mentions, { clause, within })) {
    const since = loop?.from ?? source.to;
    const known = given.get(name);
    if (known === undefined || since < known.since)
      given.set(name, { moment, since: Math.min(since, known?.since ?? since) });
  }
}

/** `a = now()`, where what is assigned begins its own clause. */
const isAssignedAlone = (pieces: readonly Piece[], { from, to }: Range, within: Range): boolean =>
  to === within.to && pieces[from - 1]?.text === '=';

function targetsOf(
  pieces: readonly Piece[],
  mentions: readonly Mentioned[],
  { clause, within }: Pick<Outcome, 'clause' | 'within'>,
): string[] {
  const begins = pieces[clause]?.text ?? '';
  const nameAt = (at: number) => mentions.find((one) => one.from <= at && at <= one.at)?.whole;
  if (begins === 'select' || begins === 'returning' || begins === 'all' || begins === 'distinct') {
    if (openAround(pieces, clause) >= 0) return [];
    if (pieces[clause - 1]?.text === 'in') return namesFrom(mentions, pieces, clause - 2, -1);
    for (let at = clause + 1; at < pieces.length && pieces[at]?.text !== ';'; at += 1) {
      if (pieces[at]?.text === '(') at = closingOf(pieces, at);
      else if (pieces[at]?.text === 'into')
        return namesFrom(mentions, pieces, pieces[at + 1]?.text === 'strict' ? at + 2 : at + 1, 1);
    }
    return [];
  }
  if (begins === 'in') return namesFrom(mentions, pieces, clause - 1, -1);
  const start = startOfStatement(pieces, clause);
  if (begins === '=' && pieces[clause - 1]?.text === ':') {
    const first = mentions.find((one) => one.from === start);
    return first === undefined ? [] : [first.whole];
  }
  if (begins === 'default') return [nameAt(start)].filter((name) => name !== undefined);
  if (!/^(;|begin|then|else|loop|declare)$/.test(begins) && clause >= 0) return [];
  const sign = pieces.findIndex(({ text }, at) => at > within.from && at < within.to && text === '=');
  const named = pieces[within.from]?.text === 'get' ? nameAt(sign - 1) : nameAt(within.from);
  return sign < 0 || named === undefined ? [] : [named];
}

export function startOfStatement(pieces: readonly Piece[], from: number): number {
  let at = from;
  while (at > 0 && !/^(;|begin|then|else|loop|declare)$/.test(pieces[at - 1]?.text ?? '')) at -= 1;
  return at;
}

/** `a, b.c`, to the right or to the left of it. */
function namesFrom(
  mentions: readonly Mentioned[],
  pieces: readonly Piece[],
  from: number,
  step: 1 | -1,
): string[] {
  const names: string[] = [];
  for (let at = from; ; ) {
    const found = mentions.find((one) => one.from <= at && at <= one.at);
    if (found === undefined) return names;
    names.push(found.whole);
    const next = step === 1 ? found.at + 1 : found.from - 1;
    if (pieces[next]?.text !== ',') return names;
    at = next + step;
  }
}
