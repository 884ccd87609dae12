/** When a deployment is a success, in the words of whoever asked for it, and what shows it. */

/** How it is judged, after a deployment, what the logs say. */
export interface Monitoring {
  /** Minutes after the deployment that have to be seen. */
  readonly minutes: number;
  /** Errors an hour after the deployment, at most, by SQLSTATE or `other`; one that is not named: none. */
  readonly errorsPerHour: Readonly<Record<string, number>>;
  /** How many times as slow a statement may be in the mean; null: it is not judged. */
  readonly slower: number | null;
  /** Errors that are none of the fix's; `message` whole, or null for any. */
  readonly expected: readonly { readonly sqlstate: string; readonly message: string | null }[];
  readonly rates: readonly MonitoredRate[];
}

/** What people try and how much of it has to be done, in percent: rows put into a table, or calls of a function, `schema.name`. */
export interface MonitoredRate {
  readonly title: string;
  readonly of: { readonly kind: 'insert' | 'call'; readonly name: string };
  readonly atLeast: number;
}

/** What shows that a criterion is met: a stage or a part of one, or a command that a person runs. */
export type Evidence =
  | { readonly kind: 'checks' | 'scenarios' | 'preservation' }
  | { readonly kind: 'access' | 'rerun' }
  /** Errors of this SQLSTATE in the logs, which only `monitor` looks at. */
  | { readonly kind: 'log'; readonly signature: string }
  | { readonly kind: 'check' | 'scenario'; readonly number: number }
  | { readonly kind: 'command'; readonly command: string };

/** What has to be so for a deployment to be a success, in the words of whoever asked for it. */
export interface Criterion {
  readonly title: string;
  /** All of it. */
  readonly evidence: readonly Evidence[];
}

/** A box of the list, ticked or open. */
export interface CriterionResult extends Criterion {
  readonly outcome: 'met' | 'open';
  /** What shows it, with its figure, or what is missing: a sentence for each piece of evidence. */
  readonly shown: readonly string[];
}

/** What a command beside the rehearsal has shown, as it wrote it down. */
export interface CommandResult {
  readonly command: string;
  readonly outcome: 'pass' | 'fail';
  /** With its figure. */
  readonly shown: string;
  /** The digest of the bundle that it was shown of. */
  readonly bundle: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}
