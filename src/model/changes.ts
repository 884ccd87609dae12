/** What the fix makes, changes and takes away in the catalog. */
import type { Verdict } from './verdict.js';

/** An object of the catalog that the fix makes, takes away or changes. */
export interface DefinitionChange {
  /** `policy own_notes on public.notes` */
  readonly object: string;
  /** null: it was not there, or is not there any more. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What the fix does to a database's catalog. */
export interface ChangesResult {
  /** fail: it is not what was planned. */
  readonly outcome: Verdict;
  readonly changes: readonly DefinitionChange[];
  /** Objects that change otherwise than the plan says; empty without a plan. */
  readonly unplanned: readonly string[];
}
