/** A file of SQL, and an error brought back to it. */

/** A SQL file; `path` is relative to the bundle's folder (or as the user typed it) and is what messages show. */
export interface SqlFile {
  readonly path: string;
  readonly text: string;
}

/** A SQL error brought back to the file that caused it. Lines and columns count from 1. */
export interface SqlProblem {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  /** The line of the file with the error, and a caret under it where the column is known. */
  readonly snippet: string | null;
  /** What a function or dynamic SQL ran when it failed: its line with a caret, and below it the functions that ran it. */
  readonly inner?: string | null | undefined;
  /** The functions that ran where somebody's code raised the error, the innermost first; null: Postgres did. In no report. */
  readonly raisedBy?: readonly string[] | null | undefined;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | null;
  /** Postgres' own hint, or the names that may have been meant. */
  readonly hint: string | null;
  /** What we advise, from the guide's troubleshooting. */
  readonly advice: string | null;
}
