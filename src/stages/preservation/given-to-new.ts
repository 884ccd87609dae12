/** The body of a trigger before a row → the columns to which it gives another value where some value is written. */
import { findBounds } from './read-bounds.js';
import { callsAround } from './read-figures.js';
import { joinTexts, type Piece } from './read-pieces.js';

/** Of all columns: `to_jsonb(new)`, `new := …`. */
export const wholeRow = '*';

/** `new.phone := …`, where a value decides whether, or what; but a time that the server gives, and what was not given. */
export function changedIn(body: readonly Piece[], when: readonly Piece[]): string[] {
  const changed = new Set<string>();
  const around: string[][] = [];
  const decided = boundsOfAll(when);
  for (const [at, { kind, text }] of body.entries()) {
    const isWord = kind === 'word';
    if (isWord && /^(if|elsif|elseif)$/.test(text) && body[at - 1]?.text !== 'end') {
      const to = body.findIndex((piece, place) => place > at && piece.text === 'then');
      if (text === 'if') around.push([]);
      around.at(-1)?.push(...boundsOfAll(body.slice(at + 1, to)));
    } else if (isWord && text === 'if') around.pop();
    // What stands behind it is done where the condition is not so.
    else if (isWord && text === 'return') decided.push(...around.flat());
    const given = assignedAt(body, at);
    if (given === null || isATime.test(joinTexts(given.value, 0, given.value.length))) continue;
    const isGap = (bound: string) => bound === `it asks whether ${given.column} is null`;
    if ([...decided, ...around.flat(), ...boundsOfAll(given.value)].some((bound) => !isGap(bound)))
      changed.add(given.column);
  }
  return [...changed];
}

interface Given {
  readonly column: string;
  readonly value: readonly Piece[];
}

/** `new.phone := …`, `new := …`, `select … into new.phone`, `for new.phone in …`. */
export function assignedAt(body: readonly Piece[], at: number): Given | null {
  if (body[at]?.text !== 'new') return null;
  const isOfColumn = body[at + 1]?.text === '.';
  const column = isOfColumn ? (body[at + 2]?.text ?? '') : wholeRow;
  const behind = at + (isOfColumn ? 3 : 1);
  const [, sign = ''] = /^(:?=)/.exec(joinTexts(body, behind, behind + 2)) ?? [];
  if (sign !== '' && /^(;|begin|then|else|loop)$/.test(body[at - 1]?.text ?? ';'))
    return { column, value: body.slice(behind + sign.length, endFrom(body, behind)) };
  const target = body.findLastIndex(
    ({ kind, text }, place) => place < at && !(text === '.' || text === ',' || isTarget(kind, text)),
  );
  if (!/^(into|for)$/.test(body[target]?.text ?? '')) return null;
  const begins = body.findLastIndex(
    ({ text }, place) => place < target && /^(;|begin|then|else|loop)$/.test(text),
  );
  return { column, value: body.slice(begins + 1, endFrom(body, behind)) };
}

const isTarget = (kind: Piece['kind'], text: string): boolean =>
  kind === 'name' ||
  (kind === 'word' && !/^(into|for|select|from|where|if|then|and|or|in|return|values|set)$/.test(text));

const endFrom = (body: readonly Piece[], from: number): number => {
  const to = body.findIndex(({ text }, place) => place >= from && text === ';');
  return to < 0 ? body.length : to;
};

/** What it answers with is another row than the one that was written: `return r`, `return case …`. */
export function answersAnother(own: readonly Piece[]): boolean {
  const isAnother = own.some(
    ({ kind, text }, at) =>
      kind === 'word' &&
      text === 'return' &&
      !/^(new|old|null|coalesce\((new,old|old,new)\));/.test(
        `${joinTexts(own, at + 1, at + 9)};`.replace(/;.*/s, ';'),
      ),
  );
  return isAnother && boundsOfAll(own).length > 0;
}

/** `return old` keeps the row of an update as it was; of one that is deleted it lets go. */
export const keepsAsItWas = (own: readonly Piece[], said: string): boolean =>
  own.some(({ text }, at) => text === 'return' && own[at + 1]?.text === 'old') &&
  !(/ BEFORE [^.]*\bDELETE\b/.test(said) && own.some(({ text }) => text === 'DELETE'));

const isATime =
  /^(pg_catalog\.)?(now\(\)|current_timestamp|clock_timestamp\(\)|statement_timestamp\(\)|transaction_timestamp\(\))$/;

const boundsOfAll = (pieces: readonly Piece[]): string[] =>
  findBounds(
    [{ kind: 'word', text: 'where' }, ...pieces],
    [false, ...pieces].map((_, at) => !isOfTheStatement(pieces, at - 1)),
  ).map(({ column, say }) => say(column));

/** `tg_op = 'INSERT'`, `coalesce(new.currency, 'EUR')`, `pg_trigger_depth() > 1`. */
const isOfTheStatement = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]?.kind === 'string'
    ? /^(INSERT|UPDATE|DELETE)$/.test(pieces[at]?.text ?? '') || callsAround(pieces, at - 1)[0] === 'coalesce'
    : /pg_trigger_depth\(\)[<>=!]+$/.test(joinTexts(pieces, at - 5, at));
