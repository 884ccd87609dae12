/** Rows that were set aside for a declared reason → the reasons that do not tell them from those that stay, and prove nothing. */
import { counted } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import { type Comparing, type Fates, shapeNow, tell } from './fates.js';
import type { NotedTable } from './note-tables.js';
import { namingFacts, projectAfter } from './project-row.js';
import type { Shape } from './read-shapes.js';
import type { Noted } from './row-texts.js';
import { bitOf } from './set-aside.js';

/** A reason that holds of another row, too, which is where it was; or, that it was one of several alike, where none of them stays. */
export async function nameIdle(session: Session, comparing: Comparing, index: number): Promise<void> {
  const { allowance } = comparing.tables[index] as NotedTable;
  const fates = comparing.compared[index] as Fates;
  const { rows: used } = await session.query<{ aside: number }>(
    'select distinct aside from pg_temp.schema_fix_kept where tbl = $1',
    [index],
  );
  for (const [rule, { when, reason }] of allowance.quarantine.entries()) {
    // What points at a row that keeps only a copy there stays.
    if (reason === null || !used.some(({ aside }) => aside === bitOf(rule))) continue;
    if (!(await isIdle(session, comparing, index, rule))) continue;
    const why = when === null ? 'though of several alike none stays' : 'which holds of rows that stay, too';
    const { rowCount } = await session.query(
      'update pg_temp.schema_fix_kept set aside = 0 where tbl = $1 and aside = $2',
      [index, bitOf(rule)],
    );
    const rows = rowCount ?? 0;
    fates.quarantined -= rows;
    fates.lost += rows;
    tell(fates, 'moved without being declared', [
      { key: `${counted(rows, 'row')} into quarantine, because ${reason}, ${why}` },
    ]);
  }
}

async function isIdle(session: Session, comparing: Comparing, index: number, rule: number): Promise<boolean> {
  const { allowance, noted } = comparing.tables[index] as NotedTable;
  if (noted === null) return false;
  const shape = shapeNow(comparing, allowance.table);
  const isOfSeveral = allowance.quarantine[rule]?.when === null;
  const text = isOfSeveral ? allAlikeAreGone(noted) : shape === null ? null : anotherStays(noted, shape);
  if (text === null) return false;
  const { rows } = await session.query(text, [index, bitOf(rule)]);
  return rows.length > 0;
}

function anotherStays(noted: Noted, shape: Shape): string {
  return `select from pg_temp.schema_fix_rows as n
    where n.tbl = $1 and n.aside & $2 <> 0 and n.ctid not in (select place from pg_temp.schema_fix_kept where tbl = $1)
        and n.digest in (select digest from (${projectAfter(noted, shape)}) as a)
    limit 1`;
}

/** Every row of one name is in quarantine. */
function allAlikeAreGone({ columns, allowance }: Noted): string {
  const { length } = allowance.facts;
  const name = namingFacts(allowance).map(
    (fact) => `coalesce(n.vals[${columns.length + fact + 1}], n.vals[${columns.length + length + fact + 1}])`,
  );
  return `select from pg_temp.schema_fix_rows as n
    left join pg_temp.schema_fix_kept as k on k.tbl = $1 and k.place = n.ctid
    where n.tbl = $1 and n.aside & $2 <> 0
    group by ${name.join(', ')}
    having pg_catalog.bool_and(k.place is not null) and pg_catalog.bool_or(k.aside = $2)
    limit 1`;
}
