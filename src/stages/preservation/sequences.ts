/** How far each sequence had counted, and has → those that hand out again what is there already, or soon nothing. */
import { engineSql } from '../../database/engine-sql.js';
import { quoteLiteral } from '../../database/quote.js';
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
  const { rows: found } = await session.query<{
    name: string;
    relation: string;
    step: string;
    last: string;
    file: string;
    table: string | null;
  }>(engineSql('sequences'));
  if (found.length === 0) return new Map();
  const queries = found.map(
    ({ name, relation }) => `select ${quoteLiteral(name)} as name, last_value, is_called from ${relation}`,
  );
  const { rows } = await session.query<{ name: string; last_value: string; is_called: boolean }>(
    queries.join('\nunion all\n'),
  );
  const described = new Map(found.map((sequence) => [sequence.name, sequence]));
  return new Map(
    rows.flatMap(({ name, last_value: value, is_called: isCalled }) => {
      const sequence = described.get(name);
      if (sequence === undefined) return [];
      const { file, table } = sequence;
      const step = BigInt(sequence.step);
      const given = isCalled ? BigInt(value) : BigInt(value) - step;
      const left = BigInt(sequence.last) - given;
      return [[name, { given, step, room: left < 0n ? -left : left, file, table }] as const];
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
