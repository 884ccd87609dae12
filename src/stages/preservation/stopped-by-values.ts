/**
 * New triggers of a row → those that refuse it, drop it or make it another by what is written into a column: of the values that nobody has tried
 * the rows that are there tell nothing, as of a check.
 */
import type { Bundle, RowDifference } from '../../model.js';
import { olderOf } from './broken.js';
import type { Given } from './come-alive.js';
import { whoWrites } from './newly-checked.js';
import { findBounds } from './read-bounds.js';
import { callsAround } from './read-figures.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import { joinTexts, type Piece, readPieces } from './read-pieces.js';
import { bodiesFrom, calledBy, functionsIn, raises } from './refused-changes.js';
import { stopsWhatTriggersWrite } from './set-off-by-triggers.js';

/** `told`: those of which it is known already what they stop. */
export function findStoppedByValues(
  given: Given,
  preserve: Bundle['preserve'],
  told: readonly RowDifference[],
): RowDifference[] {
  const { before, after, shapes, shapesNow } = given;
  const names = new Set(told.map(({ table }) => table));
  const triggers = before.filter(({ kind }) => kind === 'trigger');
  const named = new Set(after.map(nameOf));
  const functions = { before: functionsIn(before), after: functionsIn(after) };
  return after.flatMap((trigger): RowDifference[] => {
    const said = trigger.said ?? '';
    const table = trigger.relation ?? '';
    const isOfARow = trigger.kind === 'trigger' && / FOR EACH ROW /.test(said) && !/ INSTEAD OF /.test(said);
    if (!isOfARow || !shapes.has(table) || names.has(nameOf(trigger))) return [];
    // It is told of the whole of which this is a partition.
    const isOfTheWhole = shapesNow
      .get(table)
      ?.parents.some((relation) => named.has(nameOf({ ...trigger, relation })));
    if (isOfTheWhole) return [];
    const now = readTrigger(trigger, functions.after);
    const tables = [table, ...preserve.flatMap(({ from, to }) => (to.includes(table) ? from : []))];
    const isAsItWas = triggers
      .filter(({ relation }) => tables.includes(relation ?? ''))
      .some((one) => JSON.stringify(readTrigger(one, functions.before)) === JSON.stringify(now));
    if (isAsItWas) return [];
    const older = (shapesNow.get(table)?.columns ?? []).filter(
      ({ name }) => olderOf(given, preserve, { table, column: name }) !== null,
    );
    const among = (some: readonly string[]) => older.filter(({ name }) => some.includes(name));
    const texts = older.filter(({ category }) => category === 'S').map(({ name }) => name);
    const isStopping = now.stops || now.casts.some((name) => texts.includes(name));
    const say = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name).join(' and ');
    const [asked, changed] = [among(isStopping ? now.asks : []), among(now.changes)];
    const isOfDeletions = now.stops && / (BEFORE|AFTER) [^.]*\bDELETE\b/.test(said);
    const left = among(isOfDeletions ? now.asksOfOld : []);
    const columns = [
      ...tellIf(whoWrites(given, table, asked), (who) => `what ${who} may write into ${say(asked)}`),
      ...tellIf(
        whoWrites(given, table, changed),
        (who) => `what ${who} may write into ${say(changed)}, where it gives it another value`,
      ),
      ...tellIf(left, () => `deletions, by what a row says in ${say(left)}`),
      ...(now.stopsTriggers ? ['what another trigger writes, as it asks pg_trigger_depth()'] : []),
    ];
    return columns.length === 0
      ? []
      : [{ word: 'refuses what was taken', table: nameOf(trigger), key: null, columns }];
  });
}

const tellIf = (some: readonly unknown[], tell: (who: string) => string): string[] =>
  some.length === 0 ? [] : [tell(some.join(' and '))];

interface Read {
  readonly stops: boolean;
  /** Columns of the row that it looks at. */
  readonly asks: readonly string[];
  readonly asksOfOld: readonly string[];
  /** Columns of which it makes another type. */
  readonly casts: readonly string[];
  /** Columns to which it gives something else where some value is written. */
  readonly changes: readonly string[];
  /** Whether it stops or alters what another trigger writes. */
  readonly stopsTriggers: boolean;
}

function readTrigger({ said }: DatabaseObject, functions: ReadonlyMap<string, DatabaseObject>): Read {
  const [, condition = ''] = / WHEN (\(.*\)) EXECUTE /s.exec(said ?? '') ?? [];
  const when = readPieces(condition);
  const body = bodiesFrom(calledBy(said ?? ''), functions);
  const isBefore = / BEFORE /.test(said ?? '');
  const stops = (pieces: readonly Piece[]) =>
    raises(pieces) ||
    (isBefore && pieces.some(({ text }, at) => text === 'return' && pieces[at + 1]?.text === 'null'));
  const all = [...when, ...body];
  return {
    stops: stops(body),
    asks: columnsIn(all, 'new'),
    asksOfOld: columnsIn(all, 'old'),
    casts: columnsIn(
      all,
      'new',
      (at) =>
        joinTexts(all, at, at + 2) === '::' &&
        !/^(text|varchar|bpchar|pg_catalog)$/.test(all[at + 2]?.text ?? ''),
    ),
    changes: isBefore ? changedIn(body, when) : [],
    stopsTriggers: stopsWhatTriggersWrite(
      when,
      body,
      (pieces) => stops(pieces) || (isBefore && pieces.some((_, at) => assignedAt(pieces, at) !== null)),
    ),
  };
}

/** `new.phone`; `isThere`: what stands behind it. */
const columnsIn = (
  pieces: readonly Piece[],
  row: 'new' | 'old',
  isThere: (at: number) => boolean = () => true,
): string[] => [
  ...new Set(
    pieces.flatMap(({ text }, at) =>
      text === row && pieces[at + 1]?.text === '.' && isThere(at + 3) ? [pieces[at + 2]?.text ?? ''] : [],
    ),
  ),
];

/** `new.phone := …`, where a value decides whether, or what; but a time that the server gives, and what was not given. */
function changedIn(body: readonly Piece[], when: readonly Piece[]): string[] {
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

function assignedAt(body: readonly Piece[], at: number) {
  const isBegun = /^(;|begin|then|else|loop)$/.test(body[at - 1]?.text ?? ';');
  const [, sign = ''] = /^(:?=)/.exec(joinTexts(body, at + 3, at + 5)) ?? [];
  if (body[at]?.text !== 'new' || body[at + 1]?.text !== '.' || !isBegun || sign === '') return null;
  const from = at + 3 + sign.length;
  const to = body.findIndex((piece, place) => place >= from && piece.text === ';');
  return { column: body[at + 2]?.text ?? '', value: body.slice(from, to) };
}

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
