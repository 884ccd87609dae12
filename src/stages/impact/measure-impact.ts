/** What the fix does to sizes and to the application's reads: measured before it and after it, and compared. */
import { isDatabaseError } from '../../database/database-error.js';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { SqlError } from '../../errors.js';
import type { Bundle, ImpactResult, ReadTiming, TableSize } from '../../model.js';
import { listPeople, type Person } from '../access/people.js';
import { choosePeople, longest, measureReads } from './measure-reads.js';

export interface ImpactNotes {
  readonly sizes: ReadonlyMap<string, TableSize>;
  readonly people: readonly Person[];
  readonly reads: readonly ReadTiming[];
}

/** Of a target with large tables nobody is listed for the access proof; for a moment it may be tried. */
export async function listSomePeople(
  session: Session,
  bundle: Bundle,
  roles: readonly string[],
): Promise<Person[]> {
  try {
    return await withSavepointRollback(session, async () => {
      await session.query("select pg_catalog.set_config('statement_timeout', $1, true)", [String(longest)]);
      return listPeople(session, bundle, roles);
    });
  } catch (error: unknown) {
    if (isDatabaseError(error) || error instanceof SqlError) return [];
    throw error;
  }
}

/** Within the open transaction; whoever is not in `people` is not tried. */
export async function measureImpact(
  session: Session,
  { tables, reads }: Pick<Bundle, 'tables' | 'reads'>,
  people: readonly Person[],
): Promise<ImpactNotes> {
  const chosen = choosePeople(people);
  const { rows } = await session.query<TableSize & { name: string }>(engineSql('sizes'), [tables]);
  return {
    sizes: new Map(rows.map(({ name, ...size }) => [name, size])),
    people: chosen,
    reads: await measureReads(session, reads, chosen),
  };
}

export async function compareImpact(
  session: Session,
  bundle: Pick<Bundle, 'tables' | 'reads'>,
  before: ImpactNotes,
): Promise<ImpactResult> {
  const after = await measureImpact(session, bundle, before.people);
  const tables = [...new Set([...before.sizes.keys(), ...after.sizes.keys()])].sort();
  const untried: ReadTiming = { kind: 'untried' };
  return {
    people: before.people.length,
    sizes: tables.map((table) => ({
      table,
      before: before.sizes.get(table) ?? null,
      after: after.sizes.get(table) ?? null,
    })),
    reads: bundle.reads.map(({ number, title }, index) => ({
      number,
      title,
      before: before.reads[index] ?? untried,
      after: after.reads[index] ?? untried,
    })),
  };
}
