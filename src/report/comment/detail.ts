/** How much of a report to tell: the steps by which a comment shrinks until it fits. */

export interface Detail {
  /** What passed, in full: assertions, steps, notices. */
  readonly passing: boolean;
  /** Everything that is folded away. */
  readonly folds: boolean;
  /** Rows of states that passed. */
  readonly passingStates: boolean;
  /** Failures told in full, and within each the lines of a list. */
  readonly failures: number;
  readonly lines: number;
  /** Rows for checks and states that failed; far beyond any real bundle until the last step. */
  readonly rows: number;
}

const everything: Detail = {
  passing: true,
  folds: true,
  passingStates: true,
  failures: 25,
  lines: 20,
  rows: 200,
};

/** From everything down to the verdict and the failing rows; each step leaves out more than the one before. */
export const detailLevels: readonly Detail[] = [
  everything,
  { ...everything, passing: false },
  { ...everything, passing: false, folds: false },
  ...[
    { failures: 25, lines: 20, rows: 200 },
    { failures: 15, lines: 10, rows: 200 },
    { failures: 10, lines: 5, rows: 100 },
    { failures: 5, lines: 3, rows: 100 },
    { failures: 2, lines: 2, rows: 50 },
    { failures: 0, lines: 0, rows: 25 },
    { failures: 0, lines: 0, rows: 5 },
    { failures: 0, lines: 0, rows: 0 },
  ].map((few) => ({ ...few, passing: false, folds: false, passingStates: false })),
];
