/** What was found before the fix. */
import type { Verdict } from './verdict.js';

export interface TableCount {
  readonly table: string;
  /** null: there is no such table, or we may not read it. */
  readonly rows: number | null;
}

/** Something about somebody's database that they should know before the fix is applied to it. */
export interface Finding {
  /** `refusal`: nothing is begun. */
  readonly severity: 'refusal' | 'warning' | 'note';
  readonly what: string;
  /** What to do about it; null: nothing. */
  readonly remedy: string | null;
}

export interface PreflightResult {
  /** fail: a finding is a refusal. */
  readonly outcome: Verdict;
  readonly serverVersion: string;
  readonly database: string;
  readonly role: string;
  readonly tables: readonly TableCount[];
  /** Of a target; a rehearsal looks at nothing but what the fix does. */
  readonly findings: readonly Finding[];
}
