/** The tables before and after the fix → which came, went, or have other columns, and where rows were written that nobody reads. */
import type { Bundle, RowDifference } from '../../model.js';
import { type Allowance, namedTables } from './plan-comparison.js';
import { columnsCalled, partitionsOf, type Shape, type Shapes, withoutNewWords } from './read-shapes.js';

interface BeforeAndAfter {
  readonly before: Shapes;
  readonly after: Shapes;
}

/** Columns that came or went without being declared; a column under another name goes on in the fact that it tells. */
export function compareStructure(
  bundle: Bundle,
  { table, facts, to }: Allowance,
  { before, after }: BeforeAndAfter,
): RowDifference[] {
  const then = before.get(table);
  const now = after.get(table);
  if (then === undefined) return [];
  if (now === undefined) {
    const mayGo = bundle.drops.includes(table) || to.length > 0;
    return mayGo ? [] : [{ word: 'gone', table, key: null, columns: [] }];
  }
  const known = [
    ...facts,
    ...bundle.preserve.filter((kind) => kind.to.includes(table)).flatMap((kind) => kind.facts),
  ];
  const isTold = (name: string, columns: Shape['columns']) =>
    known.some(
      (fact) =>
        columnsCalled(columns, fact.columns).some((column) => column.name === name) &&
        columnsCalled(now.columns, fact.columns).length > 0,
    );
  const lacks = (shape: Shape, name: string) => !shape.columns.some((column) => column.name === name);
  const gone = then.columns.filter(
    ({ name }) =>
      lacks(now, name) && !isTold(name, then.columns) && !bundle.drops.includes(`${table}.${name}`),
  );
  // A column of the same name and type, in a table that rows may move here from, comes along with them.
  const origins = bundle.preserve.filter((kind) => kind.to.includes(table)).flatMap(({ from }) => from);
  const isBroughtAlong = ({ name, type }: Shape['columns'][number]) =>
    origins.some((origin) =>
      before.get(origin)?.columns.some((column) => column.name === name && column.type === type),
    );
  const appeared = now.columns.filter(
    (column) =>
      lacks(then, column.name) &&
      !isTold(column.name, now.columns) &&
      !isBroughtAlong(column) &&
      !bundle.adds.includes(`${table}.${column.name}`),
  );
  const difference = (word: RowDifference['word'], columns: Shape['columns']): RowDifference[] =>
    columns.length === 0 ? [] : [{ word, table, key: null, columns: columns.map(({ name }) => name) }];
  return [...difference('gone', gone), ...difference('appeared', appeared)];
}

/** Tables that the manifest does not name: they must be the same, which is so where nothing was written into them. */
export function compareOthers(
  bundle: Bundle,
  {
    before,
    after,
    unwritten,
    declared,
  }: BeforeAndAfter & Readonly<Record<'unwritten' | 'declared', Set<string>>>,
): RowDifference[] {
  const named = new Set(namedTables(bundle));
  const partitions = partitionsOf([...declared], before);
  const remaining = partitionsOf([...declared], after);
  const differences: RowDifference[] = [];
  for (const table of new Set([...before.keys(), ...after.keys()])) {
    const then = before.get(table);
    if (declared.has(table) || unwritten.has(table) || (then === undefined && named.has(table))) continue;
    const now = after.get(table);
    if (isMaterializedAgain(then, now)) continue;
    // Its rows are compared as those of the table that it is a part of.
    if (partitions.has(table) && remaining.has(table) && then?.oid === now?.oid) continue;
    if (then !== undefined && then.oid !== now?.oid && !bundle.drops.includes(table)) {
      differences.push({ word: 'gone', table, key: null, columns: [] });
    }
    // A new partition of a table of the fix is a part of it, whichever months or tenants its rows are of.
    const isPart = then === undefined && remaining.has(table);
    if (now !== undefined && then?.oid !== now.oid && !isPart && !bundle.adds.includes(table)) {
      differences.push({ word: 'appeared', table, key: null, columns: [] });
    }
    if (then !== undefined && then.oid === now?.oid) differences.push(...describeWritten(then, now));
  }
  return differences;
}

/** What it holds can be computed from other tables, which are compared. */
function isMaterializedAgain(then: Shape | undefined, now: Shape | undefined): boolean {
  return (
    then?.kind === 'm' &&
    now?.kind === 'm' &&
    then.oid !== now.oid &&
    differingColumns(then, now).length === 0
  );
}

/** Without having read the table: other columns, or how many rows were written. */
function describeWritten(then: Shape, now: Shape): RowDifference[] {
  const { name: table } = now;
  const columns = differingColumns(then, withoutNewWords(then, now));
  if (columns.length > 0) return [{ word: 'changed', table, key: null, columns }];
  const words = (['gone', 'changed', 'appeared'] as const).filter(
    (word) => now.written[word] > then.written[word],
  );
  if (words.length === 0) return [{ word: 'changed', table, key: null, columns: [] }];
  return words.map((word) => ({
    word,
    table,
    key: `rows written: ${now.written[word] - then.written[word]}`,
    columns: [],
  }));
}

function differingColumns(then: Shape, now: Shape): string[] {
  const described = (shape: Shape) =>
    new Map(
      shape.columns.map((column) => [
        column.name,
        JSON.stringify([column.number, column.type, column.labels]),
      ]),
    );
  const [one, other] = [described(then), described(now)];
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}
