/** How far each sequence that this role may read has counted, with what the catalog says of it. */
import { engineSql } from './engine-sql.js';
import { quoteLiteral } from './quote.js';
import type { Session } from './with-session.js';

export interface Counter {
  readonly name: string;
  /** Quoted. */
  readonly relation: string;
  readonly step: string;
  /** The last number that it can give. */
  readonly last: string;
  readonly file: string;
  /** The table of which it numbers the rows. */
  readonly table: string | null;
  readonly value: string;
  /** Whether `value` has been given, or will be next. */
  readonly isCalled: boolean;
}

export async function readCounters(session: Session): Promise<Counter[]> {
  const { rows: found } = await session.query<Omit<Counter, 'value' | 'isCalled'>>(engineSql('sequences'));
  if (found.length === 0) return [];
  const queries = found.map(
    ({ relation }) =>
      `select ${quoteLiteral(relation)} as relation, last_value as value, is_called as "isCalled" from ${relation}`,
  );
  const { rows } = await session.query<Pick<Counter, 'relation' | 'value' | 'isCalled'>>(
    queries.join('\nunion all\n'),
  );
  const described = new Map(found.map((sequence) => [sequence.relation, sequence]));
  return rows.flatMap((counted) => {
    const sequence = described.get(counted.relation);
    return sequence === undefined ? [] : [{ ...sequence, ...counted }];
  });
}
