/** Columns that a sequence numbers, before and after the fix → those of which the next numbers are taken now, and were not. */
import { engineSql } from '../../database/engine-sql.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { RowDifference } from '../../model.js';
import type { Sequences } from './sequences.js';

interface Numbered {
  /** The numbers of the table and of the column, which a new name leaves as they are. */
  readonly key: string;
  readonly table: string;
  readonly relation: string;
  readonly column: string;
  readonly sequence: string;
  /** Whether how far it counted says what others drew: the engine's own trials were put back. */
  readonly isKept: boolean;
  /** The last that its type holds. */
  readonly most: string;
}

/** Values that its sequence comes to, counted in its direction. */
interface Ahead {
  readonly values: bigint;
  readonly nearest: bigint;
  readonly farthest: bigint;
}

interface Found {
  readonly values: string;
  readonly lowest: string;
  readonly highest: string;
}

export interface NextNumbers extends Numbered {
  readonly given: bigint;
  readonly isDescending: boolean;
  /** null: none; undefined: nobody asked. */
  readonly ahead: Ahead | null | undefined;
}

/** `isAsked`: of the others it is noted that they are numbered, and their rows are not read. */
export async function readNextNumbers(
  session: Session,
  sequences: Sequences,
  isAsked: (column: Numbered) => boolean,
): Promise<NextNumbers[]> {
  const { rows: columns } = await session.query<Numbered>(engineSql('numbered_columns'));
  const found: NextNumbers[] = [];
  for (const column of columns) {
    const sequence = sequences.get(column.sequence);
    if (sequence === undefined) continue;
    const { given, step, room } = sequence;
    const isDescending = step < 0n;
    if (!isAsked(column)) {
      found.push({ ...column, given, isDescending, ahead: undefined });
      continue;
    }
    const left = BigInt(column.most) - given;
    // One further on would use the numbers up: nobody is to set the sequence behind it.
    const reach = (!isDescending && left < room ? left : room) / 2n;
    const name = quoteIdentifier(column.column);
    const [first, last] = isDescending ? [given - reach, given + step] : [given + step, given + reach];
    const { rows } = await session.query<Found>(
      `select count(*) as values, min(${name})::int8 as lowest, max(${name})::int8 as highest
       from ${column.relation}
       where ${name} between ${first} and ${last} and (${name}::numeric - ${given}) % ${step} = 0`,
    );
    found.push({
      ...column,
      given,
      isDescending,
      ahead: rows[0] === undefined ? null : aheadOf(rows[0], isDescending),
    });
  }
  return found;
}

function aheadOf({ values, lowest, highest }: Found, isDescending: boolean): Ahead | null {
  if (values === '0') return null;
  const [first, last] = [BigInt(lowest), BigInt(highest)];
  const [nearest, farthest] = isDescending ? [-last, -first] : [first, last];
  return { values: BigInt(values), nearest, farthest };
}

/** What a manifest writes to let it be. */
export const nameOfNumbers = ({ table, column }: Pick<Numbered, 'table' | 'column'>): string =>
  `numbers of ${column} on ${table}`;

export function findTaken(before: readonly NextNumbers[], after: readonly NextNumbers[]): RowDifference[] {
  return after.flatMap((now) => {
    const older = before.find(({ key }) => key === now.key);
    const said = sayAhead(older, now) ?? sayGivenAgain(older, now);
    return said === null
      ? []
      : [{ word: 'comes to what is taken', table: nameOfNumbers(now), key: null, columns: [said] }];
  });
}

function sayAhead(older: NextNumbers | undefined, now: NextNumbers): string | null {
  if (now.ahead === null || now.ahead === undefined) return null;
  const then = older?.ahead;
  if (then && !isMore(then, now.ahead)) return null;
  const { nearest, values } = now.ahead;
  const one = now.isDescending ? -nearest : nearest;
  return `${now.sequence} stands at ${now.given}, and ${now.column} ${one} is there${values > 1n ? `, and ${values - 1n} more` : ''}`;
}

/** The rows may be gone; whoever wrote the numbers down has them. One that is the same sequence is compared as a sequence. */
function sayGivenAgain(older: NextNumbers | undefined, now: NextNumbers): string | null {
  if (!older?.isKept || older.sequence === now.sequence || older.isDescending !== now.isDescending)
    return null;
  const isBehind = now.isDescending ? now.given > older.given : now.given < older.given;
  return isBehind
    ? `${now.sequence} stands at ${now.given}, and ${older.sequence} had come to ${older.given}: numbers that were given are given again`
    : null;
}

const isMore = (then: Ahead, now: Ahead): boolean =>
  now.values > then.values || now.nearest < then.nearest || now.farthest > then.farthest;
