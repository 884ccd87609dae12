/** Rows that became one with another → what still points at them by a column without a key, of which the manifest says that it follows. */
import type { Session } from '../../database/with-session.js';
import type { Preserved } from '../../model.js';
import { type Comparing, type Fates, mostTold, nameless, placesOf, shapeNow, tell } from './fates.js';
import type { NotedTable } from './note-tables.js';
import { projectAfter } from './project-row.js';
import { columnsCalled } from './read-shapes.js';

/** A column follows an id that has the same `normalise` as its own fact. */
export async function nameLeftBehind(
  session: Session,
  comparing: Comparing,
  preserve: readonly Preserved[],
): Promise<void> {
  for (const [parent, { merged }] of comparing.compared.entries()) {
    if (merged === 0) continue;
    for (const { normalise, gone } of idsOf(comparing, parent)) {
      for (const [index, { noted, allowance }] of comparing.tables.entries()) {
        const shape = shapeNow(comparing, allowance.table);
        // What only stays as it was where its rows are copied from is nobody's any more.
        const isHome = preserve.some(
          ({ from, to }) => from.includes(allowance.table) && to.includes(allowance.table),
        );
        if (noted === null || shape === null || !isHome || index === parent) continue;
        for (const [place, fact] of noted.allowance.facts.entries()) {
          if (fact.normalise !== normalise || allowance.pointers.includes(fact.name)) continue;
          const { rows } = await session.query<{ key: string; all: string }>(
            `select f.label as key, count(*) over () as all
             from (${projectAfter(noted, shape)}) as f
             where f.vals[${noted.columns.length + place + 1}] in (${gone})
             order by f.label
             limit ${mostTold}`,
            [parent],
          );
          const fates = comparing.compared[index] as Fates;
          fates.lost += Number(rows[0]?.all ?? 0);
          const told = rows.map(({ key }) => ({
            key: `${key === '' ? nameless : key}, which still points at a row of ${comparing.tables[parent]?.allowance.table} that became one with another`,
            columns: [columnsCalled(shape.columns, fact.columns)[0]?.name ?? fact.name],
          }));
          tell(fates, 'changed', told);
        }
      }
    }
  }
}

/** The keys of a table that become others by `normalise`; `gone` is SQL for those, in numbers, that no row has any more. */
function idsOf(comparing: Comparing, parent: number): { normalise: string; gone: string }[] {
  const { noted, allowance } = comparing.tables[parent] as NotedTable;
  if (noted === null) return [];
  return noted.allowance.facts.flatMap(({ name, columns, normalise }, fact) => {
    const isKey = columnsCalled(noted.columns, columns)[0]?.isKey || allowance.by.includes(name);
    if (normalise === null || !isKey) return [];
    const value = (row: string) => `${row}.vals[${noted.columns.length + fact + 1}]`;
    const there = [...placesOf(comparing, parent)].map(
      ({ projection }) => `select ${value('a')} from (${projection}) as a where ${value('a')} is not null`,
    );
    const gone = `select ${value('n')} from pg_temp.schema_fix_rows as n
      where n.tbl = $1 and n.alt & ${1 << fact} <> 0 and ${value('n')} is not null
          and ${value('n')} not in (${there.join(' union all ')})`;
    return there.length === 0 ? [] : [{ normalise, gone }];
  });
}
