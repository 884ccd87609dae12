/** A trigger → whether it stops or alters what another trigger writes, as `pg_trigger_depth()` tells it: people write their rows themselves, and so are they tried. */
import { startOfStatement } from './given-on.js';
import { joinTexts, type Piece } from './read-pieces.js';
import { whatBecomesOf } from './what-becomes-of.js';

/** `stops`: whether something in what is done there refuses, drops or alters the row. */
export function stopsWhatTriggersWrite(
  when: readonly Piece[],
  body: readonly Piece[],
  stops: (pieces: readonly Piece[]) => boolean,
): boolean {
  const isDoneDeeper = depthsIn(when).some((at) => sideOf(when, at) !== 'shallow');
  const deeper = isDoneDeeper ? [body] : depthsIn(body).map((at) => doneDeeper(body, at));
  return deeper.some(stops);
}

const depthsIn = (pieces: readonly Piece[]): number[] =>
  pieces.flatMap(({ text }, at) => (text === 'pg_trigger_depth' && pieces[at + 1]?.text === '(' ? [at] : []));

/** What is done only where it is set off by a trigger; all of it where nobody can say what. */
function doneDeeper(body: readonly Piece[], at: number): readonly Piece[] {
  const { clause } = whatBecomesOf(body, { from: at, to: at + 3 });
  const then = body.findIndex(({ text }, place) => place > at && text === 'then');
  const side = sideOf(body, at);
  const isOfABranch = /^(if|elsif|elseif)$/.test(body[clause]?.text ?? '') && then >= 0;
  if (!isOfABranch || side === 'unclear') {
    // `return case when … then null else new end`
    const isAnswer = body[startOfStatement(body, at)]?.text === 'return';
    return isAnswer ? [...body, ...returnsNull] : body;
  }
  const [own, other, rest] = branchesBehind(body, then);
  if (side === 'deeper') return own;
  return own.some(({ text }) => text === 'return') ? [...other, ...rest] : other;
}

const returnsNull: readonly Piece[] = ['return', 'null'].map((text) => ({ kind: 'word', text }));

/** Where a comparison with a number is so: where another trigger writes the row, or where somebody does. */
function sideOf(pieces: readonly Piece[], at: number): 'deeper' | 'shallow' | 'unclear' {
  const { is, within } = whatBecomesOf(pieces, { from: at, to: at + 3 });
  const text = joinTexts(pieces, within.from, within.to);
  const [, first, signBefore, signBehind, second] =
    /^(?:(\d+)([<>=!]+))?(?:pg_catalog\.)?pg_trigger_depth\(\)(?:([<>=!]+)(\d+))?$/.exec(text) ?? [];
  const sign = signBehind ?? mirrored[signBefore ?? ''] ?? signBefore;
  const compare = compares[sign ?? ''];
  if (is !== 'compared' || compare === undefined || pieces[within.from - 1]?.text === 'not') return 'unclear';
  const number = Number(first ?? second);
  const isSo = compare(1, number);
  const depths = [2, number - 1, number, number + 1].filter((depth) => depth > 1);
  if (isSo) return 'shallow';
  return depths.some((depth) => compare(depth, number)) ? 'deeper' : 'shallow';
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

const compares: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '<': (one, other) => one < other,
  '>': (one, other) => one > other,
  '<=': (one, other) => one <= other,
  '>=': (one, other) => one >= other,
  '=': (one, other) => one === other,
  '<>': (one, other) => one !== other,
  '!=': (one, other) => one !== other,
};

/** What is done behind `then`, behind `else` and `elsif`, and behind `end if`. */
function branchesBehind(body: readonly Piece[], then: number): [Piece[], Piece[], Piece[]] {
  let level = 0;
  let other = -1;
  for (let at = then + 1; at < body.length; at += 1) {
    const { kind, text } = body[at] as Piece;
    if (kind !== 'word') continue;
    const isOfAnEnd = body[at - 1]?.text === 'end';
    if (/^(if|case|loop|begin)$/.test(text) && !isOfAnEnd) level += 1;
    else if (text === 'end' && level > 0) level -= 1;
    else if (text === 'end') {
      const end = other < 0 ? at : other;
      return [body.slice(then + 1, end), body.slice(end, at), body.slice(at)];
    } else if (level === 0 && other < 0 && /^(else|elsif|elseif)$/.test(text)) other = at;
  }
  return [body.slice(then + 1), [], []];
}
