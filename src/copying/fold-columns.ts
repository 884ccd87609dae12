/** Columns that are added to a table right after it was made → written where they stand in it: their order is that of the rows. */
import type { Fact, FactBase } from '@supabase/pg-delta/core';
import type { Action } from '@supabase/pg-delta/plan';
import { nameInSql } from '../database/quote.js';

export type Step = Pick<Action, 'sql' | 'produces'>;

const creation = new RegExp(String.raw`^(create (?:unlogged )?table (${nameInSql}) \()(.*)$`, 'is');
const addition = new RegExp(`^alter table (${nameInSql}) add column (.*)$`, 'is');

/** `isThere`: whether what a column needs is made before all tables. What needs more stays, and is told by `movedColumns`. */
export function foldColumns(
  actions: readonly Step[],
  facts: FactBase,
  isThere: (id: Fact['id']) => boolean,
): readonly Step[] {
  const steps = [...actions];
  const tables = new Map<string, number>();
  return steps
    .flatMap((step, index) => {
      const created = creation.exec(step.sql)?.[2];
      if (created !== undefined) tables.set(created, index);
      const [, table = '', definition = ''] = addition.exec(step.sql) ?? [];
      const at = tables.get(table);
      const column = step.produces.map((id) => facts.get(id)).find((fact) => fact?.id.kind === 'column');
      const isFree = column !== undefined && needs(facts, column).every((id) => isThere(id));
      if (at === undefined || !isFree) return [index];
      const into = steps[at];
      const sql = into === undefined ? null : insertColumn(into.sql, definition);
      if (into === undefined || sql === null) return [index];
      steps[at] = { ...into, sql, produces: [...into.produces, ...step.produces] };
      return [];
    })
    .flatMap((index) => steps[index] ?? [])
    .map((step) => sortColumns(step, facts));
}

/** Other columns of its table it may need: they are made with it. */
function needs(facts: FactBase, { id, parent }: Fact): Fact['id'][] {
  return facts
    .outgoingEdges(id)
    .filter(
      ({ kind, to }) =>
        kind === 'depends' && !(to.kind === 'column' && isOf(to, parent)) && !isSame(to, parent),
    )
    .map(({ to }) => to);
}

function isOf(column: Fact['id'], table: Fact['id'] | undefined): boolean {
  if (table === undefined || !('table' in column && 'schema' in table && 'name' in table)) return false;
  return 'schema' in column && column.schema === table.schema && column.table === table.name;
}

function isSame(one: Fact['id'], other: Fact['id'] | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function insertColumn(sql: string, definition: string): string | null {
  const created = splitCreation(sql);
  return created === null
    ? null
    : `${created.head}${[definition, ...created.items].join(', ')}${created.tail}`;
}

/** pg-delta writes a column that waited for its default behind the others. */
function sortColumns(step: Step, facts: FactBase): Step {
  const created = splitCreation(step.sql);
  if (created === null) return step;
  const positions = new Map(
    step.produces
      .map((id) => facts.get(id))
      .flatMap((fact) =>
        fact !== undefined && fact.id.kind === 'column' ? [[fact.id.name, positionOf(fact)] as const] : [],
      ),
  );
  const placeOf = (item: string) => {
    const name = /^"((?:[^"]|"")*)"/.exec(item)?.[1]?.replaceAll('""', '"');
    return name === undefined ? Number.POSITIVE_INFINITY : (positions.get(name) ?? Number.POSITIVE_INFINITY);
  };
  const items = [...created.items].sort((one, other) => Math.sign(placeOf(one) - placeOf(other)) || 0);
  return { ...step, sql: `${created.head}${items.join(', ')}${created.tail}` };
}

export function positionOf(fact: Fact | undefined): number {
  return Number(fact?.payload._position);
}

/** Null where the statement makes no table in a form that is understood. */
export function splitCreation(sql: string) {
  const [, head, table = '', rest = ''] = creation.exec(sql) ?? [];
  const split = head === undefined ? null : splitItems(rest);
  return head === undefined || split === null ? null : { head, table, ...split };
}

/** What stands between commas up to the parenthesis that closes, and from there on. */
export function splitItems(
  text: string,
): { readonly items: readonly string[]; readonly tail: string } | null {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  // A quoted name or string is one step.
  for (const { 0: token, index } of text.matchAll(/"[^"]*"|'[^']*'|[()[\],]/g)) {
    if (token === '(' || token === '[') depth += 1;
    else if (token === ',' && depth === 0) {
      items.push(text.slice(start, index).trim());
      start = index + 1;
    } else if (token === ')' || token === ']') {
      depth -= 1;
      if (depth >= 0) continue;
      const last = text.slice(start, index).trim();
      return { items: last === '' ? items : [...items, last], tail: text.slice(index) };
    }
  }
  return null;
}
