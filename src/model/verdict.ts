/** How a stage ends: a verdict, or a reason why it was not run. */

export type Verdict = 'pass' | 'fail';

/** A stage that was not run says why; it never counts as passed. */
export interface Skipped {
  readonly outcome: 'skipped';
  readonly reason: string;
}
