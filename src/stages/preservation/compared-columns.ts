/** A policy, and what decides with it → which two columns of one row they compare with each other: whoever writes one of them decides of the row. */
import { closingOf } from './clauses.js';
import type { Mentioned } from './moments.js';
import type { DatabaseObject } from './read-objects.js';
import { mentionsIn, type Piece, readPieces } from './read-pieces.js';
import { splitDefinition } from './split-definition.js';
import { type Outcome, whatBecomesOf } from './what-becomes-of.js';

export type Pair = readonly [string, string];

/** The same in whichever order. */
export const sayPair = (pair: Pair): string => `it compares ${[...pair].sort().join(' with ')}`;

/** `answering`: what may be called there, of which a function that asks nothing else compares what it is given. */
export function comparedColumnsOf(
  objects: readonly DatabaseObject[],
  answering: ReadonlySet<DatabaseObject>,
): Pair[] {
  const comparing = new Set([...answering].filter(asksNothingElse).map(({ name }) => name));
  return objects.flatMap((object) =>
    ['policy', 'view', 'function'].includes(object.kind) ? comparedColumnsIn(textOf(object), comparing) : [],
  );
}

/** Neither rows nor another function. */
function asksNothingElse(object: DatabaseObject): boolean {
  const pieces = readPieces(textOf(object));
  return (
    object.kind === 'function' &&
    !pieces.some(({ text }) => text === 'from') &&
    ![...mentionsIn(pieces)].some((one) => isCall(pieces, one) && isOfTheApplication(one))
  );
}

const textOf = ({ kind, said }: DatabaseObject): string =>
  (kind === 'function' ? splitDefinition(said ?? '')?.body : null) ?? said ?? '';

const isOfTheApplication = ({ schema }: Mentioned): boolean => schema !== null && schema !== 'pg_catalog';

/** Of one row are those that bear the name of the same relation, or of none: where other rows are asked, Postgres writes it before each column. */
export function comparedColumnsIn(text: string, comparing: ReadonlySet<string> = new Set()): Pair[] {
  const pieces = readPieces(text);
  // Not the name of a type, nor one that is given there.
  const mentions = [...mentionsIn(pieces)].filter(
    ({ from }) => !/^(:|as)$/.test(pieces[from - 1]?.text ?? ''),
  );
  const columns = mentions.filter((one) => !isCall(pieces, one) && !isAWord.test(one.name));
  const calls = mentions
    .filter((one) => isCall(pieces, one))
    .map((one) => ({ ...one, to: closingOf(pieces, one.at + 1) }));
  const callsOfFunctions = calls.filter(({ at }) => !isAWord.test(pieces[at]?.text ?? ''));
  const found = columns.flatMap((one): Pair[] => {
    const { is, within, signs } = whatBecomesOf(pieces, { from: one.from, to: one.at + 1 });
    const around = callsOfFunctions.findLast(({ from, to }) => from < one.from && to > one.at);
    const isCompared = is === 'compared';
    if (!isCompared && around === undefined) return [];
    const range = isCompared || around === undefined ? within : { from: around.from, to: around.to };
    const isWithin = ({ from, at }: Mentioned) => from >= range.from && at < range.to;
    const others = columns.filter((other) => isWithin(other) && other.schema === one.schema);
    const isOfOthers = around !== undefined && isOfTheApplication(around) && !comparing.has(around.whole);
    const isAsked = isWithWhoAsks(
      pieces,
      { within: range, signs },
      { calls: calls.filter(isWithin), columns: others },
    );
    if (isOfOthers || isAsked) return [];
    return others.filter(({ name }) => one.name < name).map(({ name }) => [one.name, name] as const);
  });
  return [...new Map(found.map((pair) => [sayPair(pair), pair])).values()];
}

/** What stands before parentheses and calls nothing. */
const isAWord =
  /^(exists|any|all|some|in|and|or|not|values|select|where|on|using|check|case|when|then|else|as|from|join|return|if)$/;

/** `who() in (author, reader)`: who asks is tried. */
function isWithWhoAsks(
  pieces: readonly Piece[],
  { within, signs }: Pick<Outcome, 'within' | 'signs'>,
  { calls, columns }: Readonly<Record<'calls' | 'columns', readonly Mentioned[]>>,
): boolean {
  const ends = [...signs, within.to];
  return ends.some((to, side) => {
    const from = side === 0 ? within.from : (ends[side - 1] ?? 0);
    const isOfThem = ({ from: start, at }: Mentioned) => start >= from && at < to;
    return (
      !columns.some(isOfThem) &&
      calls
        .filter(isOfThem)
        .some(
          ({ name, schema, at }) =>
            name === 'current_setting' || (schema !== null && pieces[at + 2]?.text === ')'),
        )
    );
  });
}

const isCall = (pieces: readonly Piece[], { at }: Mentioned): boolean => pieces[at + 1]?.text === '(';
