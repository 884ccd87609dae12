/** How far each sequence had counted, and has → those that were set back, which hand out again what is there already. */
import { engineSql } from '../../database/engine-sql.js';
import { quoteLiteral } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';

export interface Sequence {
  /** The number that it gave last, or would have given before the next. */
  readonly given: bigint;
  readonly step: bigint;
}

export type Sequences = ReadonlyMap<string, Sequence>;

/** One that this role may not look at is left out. */
export async function readSequences(session: Session): Promise<Sequences> {
  const { rows: found } = await session.query<{ name: string; relation: string; step: string }>(
    engineSql('sequences'),
  );
  if (found.length === 0) return new Map();
  const queries = found.map(
    ({ name, relation }) => `select ${quoteLiteral(name)} as name, last_value, is_called from ${relation}`,
  );
  const { rows } = await session.query<{ name: string; last_value: string; is_called: boolean }>(
    queries.join('\nunion all\n'),
  );
  const steps = new Map(found.map(({ name, step }) => [name, BigInt(step)]));
  return new Map(
    rows.map(({ name, last_value: value, is_called: isCalled }) => {
      const step = steps.get(name) ?? 1n;
      return [name, { given: isCalled ? BigInt(value) : BigInt(value) - step, step }];
    }),
  );
}

/** Gaps are none: nobody can take back a number that was drawn. A sequence that is no more hands out nothing. */
export function findSetBack(before: Sequences, after: Sequences): string[] {
  return [...before].flatMap(([name, then]) => {
    const now = after.get(name);
    if (now === undefined) return [];
    const isBack = then.step > 0n ? now.given < then.given : now.given > then.given;
    return isBack ? [name] : [];
  });
}
