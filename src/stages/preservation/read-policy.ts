/** A policy, or what decides with it → what it compares with. Who asks is tried, and is no bound. */
import { closingOf, isSign, openAround } from './clauses.js';
import { type Compared, readCompared } from './met-by-rows.js';
import { type Bound, findBounds, whereItDecides } from './read-bounds.js';
import { callsAround } from './read-figures.js';
import type { DatabaseObject } from './read-objects.js';
import { isName, joinTexts, type Piece, readPieces } from './read-pieces.js';
import { splitDefinition } from './split-definition.js';

export type Part = 'using' | 'check';

export interface PolicyBound extends Bound {
  /** null: not a column with a constant. */
  readonly compared: Compared | null;
}

/** Behind `using`, or behind `with check` and, without one, behind `using`. */
function piecesOf({ said }: DatabaseObject, part: Part): Piece[] {
  const pieces = readPieces(said ?? '');
  const using = pieces.findIndex(({ text }) => text === 'using');
  const check = pieces.findIndex(
    ({ text }, at) =>
      at > using &&
      text === 'check' &&
      pieces[at - 1]?.text === 'with' &&
      callsAround(pieces, at).length === 0,
  );
  const end = check < 0 ? pieces.length : check - 1;
  const [first, second] = [pieces.slice(using + 1, end), pieces.slice(end + 2)];
  return part === 'check' && second.length > 0 ? second : first;
}

/** What it compares with whoever asks, and not instead of something else. */
export const demandsOf = (policy: DatabaseObject, part: Part): PolicyBound[] =>
  partsOf(piecesOf(policy, part))
    .filter((pieces) => !pieces.some(({ kind, text }) => kind === 'word' && text === 'or'))
    .flatMap((pieces) => boundsOfAll([where, ...pieces]));

/** `(a and (b and c))` → `a`, `b`, `c`. */
function partsOf(pieces: readonly Piece[]): (readonly Piece[])[] {
  if (isSign(pieces, 0, '(') && closingOf(pieces, 0) === pieces.length - 1)
    return partsOf(pieces.slice(1, -1));
  const cuts = pieces.flatMap(({ kind, text }, at) =>
    kind === 'word' && text === 'and' && openAround(pieces, at) < 0 ? [at] : [],
  );
  if (cuts.length === 0) return [pieces];
  return [-1, ...cuts].flatMap((cut, at) => partsOf(pieces.slice(cut + 1, cuts[at])));
}

const where: Piece = { kind: 'word', text: 'where' };

/** A view by its conditions, a function by whatever it says. */
export function boundsOf(object: DatabaseObject): PolicyBound[] {
  const said = object.said ?? '';
  switch (object.kind) {
    case 'policy':
      return boundsOfAll([where, ...piecesOf(object, 'using')]).concat(
        boundsOfAll([where, ...piecesOf(object, 'check')]),
      );
    case 'view': {
      const pieces = readPieces(said);
      return boundsOfAll(pieces, whereItDecides(pieces));
    }
    case 'function':
      return boundsOfText(splitDefinition(said)?.body ?? said);
    default:
      return [];
  }
}

export const boundsOfText = (text: string): PolicyBound[] => boundsOfAll(readPieces(text));

const boundsOfAll = (pieces: readonly Piece[], decides?: readonly boolean[]): PolicyBound[] =>
  findBounds(
    pieces,
    pieces.map((_, at) => decides?.[at] !== false && !isOfWhoAsks(pieces, at) && !isAnyRow(pieces, at)),
  ).map((bound) => ({ ...bound, compared: readCompared(pieces, bound.at, bound) }));

/** `current_setting('app.user_id', true)`, also within `nullif(…, '')`; a key of the token; `auth.uid() is not null`. */
function isOfWhoAsks(pieces: readonly Piece[], at: number): boolean {
  const { kind, text } = pieces[at] as Piece;
  if (kind === 'string') {
    const open = openAround(pieces, at);
    const isKey = /(->|->>|#>|#>>)$/.test(joinTexts(pieces, at - 3, at));
    return (
      (/^(current_setting|nullif|coalesce)$/.test(pieces[open - 1]?.text ?? '') &&
        pieces.slice(open - 1, closingOf(pieces, open)).some((piece) => piece.text === 'current_setting')) ||
      (isKey && pieces.some((piece) => /^(current_setting|jwt)$/.test(piece.text)))
    );
  }
  if (text !== 'is' || pieces[at - 1]?.text !== ')') return false;
  const open = openAround(pieces, at - 1);
  const given = pieces.slice(open + 1, at - 1);
  return (
    isName(pieces[open - 1]) && (given.length === 0 || given.some((one) => one.text === 'current_setting'))
  );
}

/** `exists (select 1 from …)`, `limit 1`, `names[1]`. */
function isAnyRow(pieces: readonly Piece[], at: number): boolean {
  const isDigit = /^\d$/.test(pieces[at]?.text ?? '');
  const [last, next] = [pieces[at - 1]?.text ?? '', pieces[at + 1]?.text ?? ''];
  return (
    isDigit &&
    (last === '[' ||
      (last === 'limit' && pieces[at]?.text === '1') ||
      (last === 'select' && /^(from|where|\))$/.test(next)))
  );
}
