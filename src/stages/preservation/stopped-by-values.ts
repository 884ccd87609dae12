/**
 * New triggers of a row → those that refuse it, drop it or make it another by what is written into a column: of the values that nobody has tried
 * the rows that are there tell nothing, as of a check.
 */
import type { Bundle, RowDifference } from '../../model.js';
import { olderOf } from './broken.js';
import { type Given, readBody } from './come-alive.js';
import { answersAnother, assignedAt, changedIn, keepsAsItWas, wholeRow } from './given-to-new.js';
import { whoWrites } from './newly-checked.js';
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
    const among = (some: readonly string[]) =>
      some.includes(wholeRow) ? older : older.filter(({ name }) => some.includes(name));
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
  const name = calledBy(said ?? '');
  const body = bodiesFrom(name, functions);
  const itself = functions.get(name);
  const own = itself === undefined ? [] : readBody(itself).pieces;
  const isBefore = / BEFORE /.test(said ?? '');
  const stops = (pieces: readonly Piece[]) =>
    raises(pieces) ||
    (isBefore && pieces.some(({ text }, at) => text === 'return' && pieces[at + 1]?.text === 'null'));
  const all = [...when, ...body];
  return {
    stops: stops(body) || (isBefore && keepsAsItWas(own, said ?? '')),
    asks: columnsIn(all, 'new'),
    asksOfOld: columnsIn(all, 'old'),
    casts: columnsIn(
      all,
      'new',
      (at) =>
        joinTexts(all, at, at + 2) === '::' &&
        !/^(text|varchar|bpchar|pg_catalog)$/.test(all[at + 2]?.text ?? ''),
    ),
    changes: isBefore ? [...changedIn(body, when), ...(answersAnother(own) ? [wholeRow] : [])] : [],
    stopsTriggers: stopsWhatTriggersWrite(
      when,
      body,
      (pieces) => stops(pieces) || (isBefore && pieces.some((_, at) => assignedAt(pieces, at) !== null)),
    ),
  };
}

/** `to_jsonb(new)`, `row(new.*)`, `r := new`; but what it answers, and `new is distinct from old`, which says whether anything is written. */
function isWhole(pieces: readonly Piece[], at: number): boolean {
  if (pieces[at + 1]?.text === '.' && pieces[at + 2]?.text !== wholeRow) return false;
  const [before, behind] = [joinTexts(pieces, at - 8, at), joinTexts(pieces, at + 1, at + 8)];
  return !/(return|into|\.|returncoalesce\((old,)?)$/.test(before) && !isOfBoth(before, behind);
}

const isOfBoth = (before: string, behind: string): boolean =>
  /(new|old)(\.\*)?(isdistinctfrom|isnotdistinctfrom|=|<>)$/.test(before) ||
  /^(\.\*)?(isdistinctfrom|isnotdistinctfrom|=|<>)(old|new)/.test(behind);

/** `new.phone`; `isThere`: what stands behind it. */
const columnsIn = (
  pieces: readonly Piece[],
  row: 'new' | 'old',
  isThere: (at: number) => boolean = () => true,
): string[] => [
  ...new Set(
    pieces.flatMap(({ kind, text }, at) => {
      if (text !== row || kind === 'string') return [];
      if (isWhole(pieces, at)) return isThere(at + 1) ? [wholeRow] : [];
      return pieces[at + 1]?.text === '.' && isThere(at + 3) ? [pieces[at + 2]?.text ?? ''] : [];
    }),
  ),
];
