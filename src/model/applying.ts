/** What the fix did: its sections, the locks that it held, and the second run. */
import type { SqlProblem } from './sql.js';
import type { Verdict } from './verdict.js';

export interface LockHeld {
  /** 0: taken before the first section, to note the rows while nobody changes them. */
  readonly section: number;
  /** `schema.name` of a table or index that was there before the fix. */
  readonly relation: string;
  /** As Postgres names it: `AccessExclusiveLock`. */
  readonly mode: string;
  /** From the end of the section's statement that took it until the transaction ended. */
  readonly milliseconds: number;
}

export interface SectionResult {
  readonly number: number;
  readonly title: string;
  readonly outcome: Verdict | 'skipped';
  readonly milliseconds: number;
  /** Warnings among them. */
  readonly notices: readonly string[];
  /** What the fix wants read before anybody uses the database. */
  readonly warnings?: readonly string[] | undefined;
}

export interface ApplyResult {
  readonly outcome: Verdict;
  /** How often it was begun; more than 1 when a lock could not be had in time. */
  readonly attempts: number;
  readonly sections: readonly SectionResult[];
  readonly locks: readonly LockHeld[];
  readonly problem: SqlProblem | null;
  /** The problem is one that the fix raised itself: it asks for a decision, and nothing broke. */
  readonly isRefusal?: boolean | undefined;
  /** Of a rehearsal: the fix made its tables, for none of them was there. */
  readonly foundNoTable?: boolean | undefined;
  readonly milliseconds: number;
}

/** For a state that the fix must refuse: that it did, with the right error, and left everything as it was. */
export interface RefusalResult {
  readonly outcome: Verdict;
  readonly expected: string;
  readonly actual: string;
  readonly changed: readonly string[];
}

export interface RerunResult {
  readonly outcome: Verdict;
  /** Identities of catalog objects that the second run added, removed or changed. */
  readonly changedObjects: readonly string[];
  /** Tables whose content differs after the second run. */
  readonly changedTables: readonly string[];
  readonly rowsWritten: number;
  readonly problem: SqlProblem | null;
}
