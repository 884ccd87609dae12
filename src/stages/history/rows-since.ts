/** Rows that were written since the open transaction began, by whatever columns they have → how many of them are there later. */
import type { Session } from '../../database/with-session.js';
import { readShapes, type Shape } from '../preservation/read-shapes.js';
import { withPlainText } from '../preservation/with-plain-text.js';
import { readTables } from './all-rows.js';
import { textOf } from './note-rows.js';

export interface Since {
  readonly table: Shape;
  readonly rows: number;
}

/** Notes them in `pg_temp.schema_fix_since_N`, N being the place in what is returned. */
export async function noteSince(session: Session): Promise<Since[]> {
  const tables = await readTables(session);
  if (tables.length === 0) return [];
  const queries = tables.map(
    ({ relation }, place) =>
      `select ${place} as place, count(*)::text as rows from only ${relation} as t where ${isOfThisTransaction}`,
  );
  const { rows: counts } = await session.query<{ place: number; rows: string }>(
    queries.join('\nunion all\n'),
  );
  const found = counts.flatMap(({ place, rows }): Since[] => {
    const table = tables[place];
    return table === undefined || Number(rows) === 0 ? [] : [{ table, rows: Number(rows) }];
  });
  await withPlainText(session, async () => {
    for (const [place, { table }] of found.entries()) {
      await session.query(
        `create temporary table schema_fix_since_${place} on commit drop as
         select ${table.columns.map((column) => `${textOf(column.name)} as c${column.number}`).join(', ')}
         from only ${table.relation} as t
         where ${isOfThisTransaction}`,
      );
    }
  });
  return found;
}

/** A subtransaction's number is higher than its transaction's, and nobody else writes. */
const isOfThisTransaction =
  'pg_catalog.age(t.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::pg_catalog.xid)';

/** In the same transaction: those that say in every column that is still there, and of the same type, what they said. */
export async function countSince(session: Session, since: readonly Since[]): Promise<number> {
  const shapes = new Map([...(await readShapes(session)).values()].map((shape) => [shape.oid, shape]));
  let kept = 0;
  await withPlainText(session, async () => {
    for (const [place, { table }] of since.entries()) {
      const now = shapes.get(table.oid);
      if (now === undefined) continue;
      const columns = now.columns.filter((column) =>
        table.columns.some(
          ({ number, type, isGenerated }) =>
            number === column.number && type === column.type && !isGenerated && !column.isGenerated,
        ),
      );
      const { rows } = await session.query<{ kept: string }>(
        `select count(*) as kept
         from (${numbered(
           columns.map(({ number }) => `t.c${number}`),
           `pg_temp.schema_fix_since_${place}`,
         )}) as noted
         inner join (${numbered(
           columns.map(({ name }) => textOf(name)),
           `only ${now.relation}`,
         )}) as now using (content, copy)`,
      );
      kept += Number(rows[0]?.kept);
    }
  });
  return kept;
}

/** Of rows that say the same, the first, the second and so on. */
function numbered(columns: readonly string[], from: string): string {
  const content = columns.length === 0 ? "''" : `row(${columns.join(', ')})::text`;
  return `select a.content, row_number() over (partition by a.content) as copy from (select ${content} as content from ${from} as t) as a`;
}
