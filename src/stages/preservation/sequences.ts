/** How far each sequence had counted, and has → those that hand out again what is there already, or soon nothing. */
import { readCounters } from '../../database/read-counters.js';
import type { Session } from '../../database/with-session.js';

export interface Sequence {
  /** The number that it gave last, or would have given before the next. */
  readonly given: bigint;
  readonly step: bigint;
  /** How far it may count from there. */
  readonly room: bigint;
  readonly file: string;
  /** The table of which it numbers the rows. */
  readonly table: string | null;
}

export type Sequences = ReadonlyMap<string, Sequence>;

/** One that this role may not look at is left out. */
export async function readSequences(session: Session): Promise<Sequences> {
  const counters = await readCounters(session);
  return new Map(
    counters.map(({ name, value, isCalled, file, table, ...counter }) => {
      const step = BigInt(counter.step);
      const given = isCalled ? BigInt(value) : BigInt(value) - step;
      const left = BigInt(counter.last) - given;
      return [name, { given, step, room: left < 0n ? -left : left, file, table }];
    }),
  );
}

/**
 * Gaps are none: nobody can take back a number that was drawn. A sequence that is no more hands out nothing. Those of tables that
 * the fix is about may begin further on, as far as room is left.
 */
export function findMoved(
  before: Sequences,
  after: Sequences,
  mayBeginAnew: (name: string, table: string | null) => boolean,
): string[] {
  return [...before].flatMap(([name, then]) => {
    const now = after.get(name);
    if (now === undefined) return [];
    const isBack = then.step > 0n ? now.given < then.given : now.given > then.given;
    const isUsedUp = now.room < then.room / 2n;
    const isBegunAnew = now.file !== then.file && now.given !== then.given && !mayBeginAnew(name, then.table);
    return isBack || isUsedUp || isBegunAnew ? [name] : [];
  });
}
