/** The rows as they were noted → conditions for quarantine that some of them do not meet, each with its key in `seen` of a result. */
import type { Session } from '../../database/with-session.js';
import type { Bundle } from '../../model.js';
import type { NotedTable } from './note-tables.js';
import { bitOf } from './set-aside.js';

export async function listSpared(
  session: Session,
  { preserve }: Pick<Bundle, 'preserve'>,
  tables: readonly NotedTable[],
): Promise<string[]> {
  const { rows } = await session.query<{ tbl: number; met: number }>(
    'select tbl, pg_catalog.bit_and(aside) as met from pg_temp.schema_fix_rows group by tbl',
  );
  const spared = rows.flatMap(({ tbl, met }) => {
    const { table, quarantine } = (tables[tbl] as NotedTable).allowance;
    return quarantine.filter((_, rule) => (met & bitOf(rule)) === 0).map(({ reason }) => ({ table, reason }));
  });
  return preserve.flatMap(({ name, from, quarantine }) =>
    quarantine
      .filter(({ reason }) => spared.some((one) => one.reason === reason && from.includes(one.table)))
      .map(({ reason }) => `${name} quarantine not ${reason}`),
  );
}
