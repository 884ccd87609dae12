/** How much of a report to tell: the steps by which a comment shrinks until it fits. */

export interface Detail {
  /** What passed, in full: assertions, steps, notices. */
  readonly passing: boolean;
  /** Everything that is folded away. */
  readonly folds: boolean;
  /** Rows of states that passed. */
  readonly passingStates: boolean;
  /** Things told of what failed; of each, ways in which it failed; of each, lines of a list. */
  readonly failures: number;
  readonly variants: number;
  readonly lines: number;
  /** Rows for checks and states that failed; beyond any real bundle until the last steps. */
  readonly rows: number;
}

const everything: Detail = {
  passing: true,
  folds: true,
  passingStates: true,
  failures: 25,
  variants: 3,
  lines: 10,
  rows: 200,
};

/** How much of that is open before anybody unfolds anything. */
export interface Open {
  /** Of the first thing that failed: lines of a list or decisions, and ways in which it failed. */
  readonly lines: number;
  readonly variants: number;
  /** Whether each of the other things has a line of its own. */
  readonly eachOther: boolean;
  /** Whether what passed has a row for each question; what failed always has. */
  readonly passedQuestions: boolean;
}

/** The first with which a comment fits on one screen. */
export const openLevels: readonly Open[] = [
  { lines: 200, variants: 3, eachOther: true, passedQuestions: true },
  { lines: 200, variants: 1, eachOther: true, passedQuestions: true },
  { lines: 4, variants: 1, eachOther: true, passedQuestions: true },
  { lines: 4, variants: 1, eachOther: false, passedQuestions: true },
  { lines: 2, variants: 1, eachOther: false, passedQuestions: true },
  { lines: 1, variants: 1, eachOther: false, passedQuestions: true },
  { lines: 1, variants: 1, eachOther: false, passedQuestions: false },
];

const bare = { passing: false, folds: false, passingStates: false };

/** From everything down to the verdict and the failing rows; each step leaves out more than the one before. */
export const detailLevels: readonly Detail[] = [
  everything,
  { ...everything, passing: false },
  { ...everything, passing: false, folds: false },
  { ...everything, ...bare },
  { ...bare, failures: 15, variants: 2, lines: 8, rows: 200 },
  { ...bare, failures: 10, variants: 1, lines: 5, rows: 100 },
  { ...bare, failures: 5, variants: 1, lines: 2, rows: 100 },
  { ...bare, failures: 1, variants: 1, lines: 1, rows: 50 },
  { ...bare, failures: 0, variants: 0, lines: 0, rows: 25 },
  { ...bare, failures: 0, variants: 0, lines: 0, rows: 5 },
  { ...bare, failures: 0, variants: 0, lines: 0, rows: 1 },
];
