/** Rows that moved → how many values stayed behind, or are said anew, because `leaves` of the manifest lets them. */
import type { Session } from '../../database/with-session.js';
import { type Comparing, type Fates, shapeNow } from './fates.js';
import type { NotedTable } from './note-tables.js';
import { projectAfter } from './project-row.js';
import { columnsCalled } from './read-shapes.js';

export async function countLeft(session: Session, comparing: Comparing, index: number): Promise<void> {
  const { noted, allowance } = comparing.tables[index] as NotedTable;
  const { excused } = comparing.compared[index] as Fates;
  if (noted === null) return;
  const home = shapeNow(comparing, allowance.table);
  for (const [name, values] of Object.entries(allowance.leaves)) {
    const fact = allowance.facts.findIndex((one) => one.name === name);
    const called = allowance.facts[fact]?.columns ?? [name];
    const column = noted.columns.findIndex((one) => one.name === name);
    const place = fact < 0 ? column + 1 : noted.columns.length + fact + 1;
    const isElsewhere = allowance.to.some(
      (table) => columnsCalled(shapeNow(comparing, table)?.columns ?? [], called).length > 0,
    );
    if (place === 0 || (isElsewhere && values !== 'anew')) continue;
    const stays =
      home === null ? '0' : `(select count(f.vals[${place}]) from (${projectAfter(noted, home)}) as f)`;
    const { rows } = await session.query<{ left: number }>(
      `select greatest(0, count(n.vals[${place}]) - ${stays})::int as left
       from pg_temp.schema_fix_rows as n
       where
           n.tbl = $1
           and not exists (select from pg_temp.schema_fix_kept as k where k.tbl = n.tbl and k.place = n.ctid and k.aside <> 0)
           and not exists (select from pg_temp.schema_fix_pending as p where p.tbl = n.tbl and p.place = n.ctid)`,
      [index],
    );
    const left = rows[0]?.left ?? 0;
    if (left === 0) continue;
    const known = excused.get(name) ?? { normalised: 0, alike: 0, filled: 0 };
    excused.set(name, { ...known, left });
  }
}
