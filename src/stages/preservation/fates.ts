/** What became of the rows of a table, counted and told, and where they are looked for. */
import type { ExcusedValues, RowDifference } from '../../model.js';
import type { Comparison } from './match-rows.js';
import type { NotedTable } from './note-tables.js';
import { projectAfter } from './project-row.js';
import type { Shape, Shapes } from './read-shapes.js';

export interface Fates {
  readonly table: string;
  readonly before: number;
  moved: number;
  quarantined: number;
  merged: number;
  /** Gone, changed, or moved where they may not be. */
  lost: number;
  appeared: number;
  /** Rows that are new as the manifest lets them. */
  expected: number;
  /** Values of each fact that are others as the manifest lets them. */
  readonly excused: Map<string, Omit<ExcusedValues, 'fact'>>;
  readonly differences: RowDifference[];
}

export function beginFates({ allowance, rows }: NotedTable): Fates {
  return {
    table: allowance.table,
    before: rows,
    moved: 0,
    quarantined: 0,
    merged: 0,
    lost: 0,
    appeared: 0,
    expected: 0,
    excused: new Map(),
    differences: [],
  };
}

/** Differences of one kind that are told, table by table; the others are counted. */
export const mostTold = 20;

/** What a row is called that has no key, and no fact that names it. */
export const nameless = 'a row without a key';

export function tell(
  { table, differences }: Fates,
  word: RowDifference['word'],
  rows: readonly { readonly key: string; readonly columns?: readonly string[] }[],
): void {
  differences.push(
    ...rows.map(({ key, columns = [] }) => ({ word, table, key: key === '' ? nameless : key, columns })),
  );
}

/** The tables as they were noted, what became of the rows of each, and all tables that there are now. */
export interface Comparing {
  readonly tables: readonly NotedTable[];
  readonly compared: readonly Fates[];
  readonly shapes: Shapes;
  /** The table of the manifest. */
  readonly quarantine: string | null;
}

export function shapeNow({ shapes }: Pick<Comparing, 'shapes'>, table: string): Shape | null {
  const shape = shapes.get(table);
  return shape?.isReadable ? shape : null;
}

/** In the list of those that are compared. */
export function indexOf({ tables }: Pick<Comparing, 'tables'>, table: string | null): number {
  return tables.findIndex(({ allowance }) => allowance.table === table);
}

export interface Place {
  /** Of the table there. */
  readonly index: number;
  /** SQL for the rows that are there. */
  readonly projection: string;
  readonly comparison: Comparison;
}

/** Where rows of a table may be now: where they were, and then where they may move to. Those that were not noted are nowhere. */
export function* placesOf(comparing: Comparing, index: number): Generator<Place> {
  const { allowance, noted } = comparing.tables[index] as NotedTable;
  if (noted === null) return;
  for (const table of [allowance.table, ...allowance.to]) {
    const shape = shapeNow(comparing, table);
    if (shape === null) continue;
    yield {
      index: indexOf(comparing, table),
      projection: projectAfter(noted, shape),
      comparison: { noted, columns: shape.columns, isHome: table === allowance.table, yields: [] },
    };
  }
}
