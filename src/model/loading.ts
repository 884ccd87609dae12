/** What became of a database that somebody gave. */
import type { Verdict } from './verdict.js';

export type LeftOutKind =
  | 'extension'
  | 'role'
  | 'owner'
  | 'comment'
  | 'event trigger'
  | 'default privileges'
  | 'database'
  | 'setting'
  | 'host'
  | 'not copied';

/** A statement of `before` that could not be run for a reason of the host's. */
export interface LeftOut {
  readonly path: string;
  readonly line: number;
  readonly kind: LeftOutKind;
  /** The statement, shortened, without values. */
  readonly statement: string;
  readonly reason: string;
  /** Whether the fix can meet what is missing, and where; null: it cannot. */
  readonly meets: string | null;
}

/** What became of the statements of `before`. */
export interface LoadingResult {
  /** fail: a statement could not be run for another reason, or one was left out and nothing may be. */
  readonly outcome: Verdict;
  readonly statements: number;
  readonly loaded: number;
  /** Brought by COPY. */
  readonly rows: number;
  readonly leftOut: readonly LeftOut[];
  /** What was made because the statements ask for it and do not hold it: a role, accounts. */
  readonly added: readonly string[];
  /** Files with SQL in the folders that were given, which no rule of their tool's runs. */
  readonly leftAlone?: readonly string[] | undefined;
  /** Where the server is another than the one that it is for. */
  readonly misfits?: readonly string[] | undefined;
}
