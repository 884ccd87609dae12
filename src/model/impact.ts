/** What the fix does to sizes and times. No verdict depends on it. */

/** Bytes. */
export interface TableSize {
  readonly rows: number;
  readonly indexes: number;
}

export type ReadTiming =
  | {
      readonly kind: 'done';
      /** Planning and execution, the median. */
      readonly milliseconds: number;
      readonly rows: number;
      /** How each table is come by. */
      readonly plan: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sqlstate: string }
  | { readonly kind: 'unfinished' }
  /** There was nobody to try it as. */
  | { readonly kind: 'untried' };

/** What the fix does to sizes and times. No verdict depends on it. */
export interface ImpactResult {
  /** How many were tried. */
  readonly people: number;
  readonly sizes: readonly {
    readonly table: string;
    readonly before: TableSize | null;
    readonly after: TableSize | null;
  }[];
  readonly reads: readonly {
    readonly number: number;
    readonly title: string;
    readonly before: ReadTiming;
    readonly after: ReadTiming;
  }[];
}
