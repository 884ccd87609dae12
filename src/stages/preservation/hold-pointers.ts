/** Keys that may forget what they point at → held where that is still there: such a one has to stay as it is. */
import type { Session } from '../../database/with-session.js';
import { type Comparing, shapeNow } from './fates.js';
import type { NotedTable } from './note-tables.js';
import { mayForget } from './pointer-facts.js';
import { hashOf, sourceOf } from './project-row.js';
import { columnsCalled, type ForeignKey, type Shape } from './read-shapes.js';
import { factOfColumn, factText, type Noted } from './row-texts.js';

/** Of the pending rows of a table. */
export async function holdPointers(session: Session, comparing: Comparing, index: number): Promise<void> {
  const { noted, before } = comparing.tables[index] as NotedTable;
  if (noted === null || before === null) return;
  const { facts, pointers } = noted.allowance;
  for (const [place, { name: column, gap }] of facts.entries()) {
    if (gap !== mayForget || !pointers.includes(column)) continue;
    const bit = 1 << place;
    const isGone = constraintsOf(before, column).map((pairs) => leadsNowhere(comparing, noted, pairs));
    await session.query(
      `update pg_temp.schema_fix_pending as p
       set held = p.held | ${bit}
       from pg_temp.schema_fix_rows as n
       where p.tbl = $1 and n.ctid = p.place and n.free & ${bit} <> 0 and not (${isGone.join(' or ')})`,
      [index],
    );
  }
}

/** The keys that a column is in, each with all of its columns. */
function constraintsOf({ keys }: Shape, column: string): ForeignKey[][] {
  const own = new Set(keys.filter((key) => key.column === column).map(({ constraint }) => constraint));
  return [...own].map((name) => keys.filter(({ constraint }) => constraint === name));
}

/** SQL for whether a noted row (`n`) points at a row of which the key is not there now, neither as it was nor as it may be written. */
function leadsNowhere(comparing: Comparing, noted: Noted, pairs: readonly ForeignKey[]): string {
  const parent = comparing.tables.find(({ before }) => before?.oid === pairs[0]?.references);
  // What the fix has nothing to do with is there.
  if (parent === undefined) return 'false';
  const isSet = pairs.map(({ column }) => `n.vals[${slotOf(noted, column)}] is not null`).join(' and ');
  const now = shapeNow(comparing, parent.allowance.table);
  // Its rows went elsewhere, each by itself.
  if (now === null) return comparing.shapes.has(parent.allowance.table) ? 'false' : isSet;
  const { facts } = noted.allowance;
  const values = pairs.map(({ column }) => valuesOf(noted, column));
  const hashes = pairs.map(({ column, referenced }) => {
    const type = facts[factOfColumn(facts, noted.columns, column)]?.type ?? 'text';
    const found = columnNow(parent, now, referenced);
    return found === undefined ? null : hashOf(factText(found, type));
  });
  if (hashes.includes(null)) return 'false';
  const there = `(select ${hashes.join(', ')} from ${sourceOf(now)} as this)`;
  const isThere = (row: readonly string[]) => `coalesce((${row.join(', ')}) in ${there}, false)`;
  const asItWas = values.map(([own, other]) => `coalesce(${own}, ${other})`);
  const asWritten = values.map(([own, other]) => `coalesce(${other}, ${own})`);
  return `(${isSet} and not ${isThere(asItWas)} and not ${isThere(asWritten)})`;
}

const slotOf = ({ columns }: Noted, column: string): number =>
  columns.findIndex(({ name }) => name === column) + 1;

/** What the column says, and what that may be written as. */
function valuesOf(noted: Noted, column: string): [string, string] {
  const { length } = noted.allowance.facts;
  const fact = factOfColumn(noted.allowance.facts, noted.columns, column);
  const place = noted.columns.length + fact + 1;
  const own = fact < 0 ? slotOf(noted, column) : place;
  return [`n.vals[${own}]`, fact < 0 ? `n.vals[${own}]` : `n.vals[${place + length}]`];
}

/** By its fact, which knows its names; or by its own. */
function columnNow({ allowance, before }: NotedTable, now: Shape, name: string) {
  const fact = allowance.facts.find(({ columns }) =>
    columnsCalled(before?.columns ?? [], columns).some((column) => column.name === name),
  );
  return columnsCalled(now.columns, [...(fact?.columns ?? []), name])[0];
}
