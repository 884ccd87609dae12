/** The nouns of what is looked at once a fix is deployed: the first hours in the logs, and the database as it is now. Imports nothing. */

/** `not proven`: nothing speaks against it, and too little for it. */
export type WatchVerdict = 'pass' | 'fail' | 'not proven';

// What the logs say.

/** The guide's signatures by SQLSTATE; `other` is every other error that names one of the fix's tables or functions. */
export const signatures = ['42501', '23505', '23503', '42P17', 'other'] as const;
export type Signature = (typeof signatures)[number];

/** Something that happened to the fix's tables, in a log. Holds nothing of anybody's: names, and a statement without its values. */
export interface WatchedEvent {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** null: it was done. */
  readonly error: {
    readonly signature: Signature;
    /** `42501`, or the status that an API answered, `403`; null: the log does not say. */
    readonly code: string | null;
    /** Whether the manifest says that this is no error of the fix's. */
    readonly isExpected: boolean;
  } | null;
  /** `schema.name`, sorted. */
  readonly tables: readonly string[];
  /** Tables that rows were put into. */
  readonly inserts: readonly string[];
  /** Functions that were called, `schema.name`. */
  readonly calls: readonly string[];
  /** The statement without values, or what was asked of an API. */
  readonly statement: string;
  readonly milliseconds: number | null;
}

export interface Before {
  readonly count: number;
  /** null: nothing of that time was seen. */
  readonly perHour: number | null;
}

export interface SignatureTotal {
  readonly source: string;
  readonly signature: Signature;
  readonly before: Before;
  readonly after: Before;
  /** An hour, at most. */
  readonly limit: number;
  readonly outcome: WatchVerdict;
}

export interface Attempts {
  readonly done: number;
  readonly failed: number;
}

/** How much of what was tried was done. */
export interface RateTotal {
  readonly source: string;
  readonly title: string;
  readonly before: Attempts;
  readonly after: Attempts;
  /** Percent, at least. */
  readonly limit: number;
  readonly outcome: WatchVerdict;
}

/** Errors of one kind, of one statement. */
export interface ErrorGroup {
  readonly source: string;
  readonly signature: Signature;
  readonly code: string | null;
  readonly isExpected: boolean;
  readonly tables: readonly string[];
  readonly statement: string;
  readonly before: number;
  readonly after: number;
}

export interface Timing {
  readonly calls: number;
  /** Milliseconds, of one; null: none. */
  readonly mean: number | null;
}

export interface StatementTiming {
  readonly source: string;
  readonly statement: string;
  readonly before: Timing;
  readonly after: Timing;
  /** Times as slow, at most; null: whatever it is. */
  readonly limit: number | null;
  readonly outcome: WatchVerdict;
}

/** Where it was looked, and how far that reaches. */
export interface WatchedSource {
  readonly name: string;
  /** What was found there, or why it could not be asked: one sentence. */
  readonly said: string;
  /** Milliseconds since 1970, UTC; null: nothing was seen. */
  readonly from: number | null;
  readonly to: number | null;
  /** What keeps it from proving anything. */
  readonly problems: readonly string[];
}

export interface ErrorChart {
  /** Minutes of one column. */
  readonly minutes: number;
  /** Where the first begins; milliseconds since 1970, UTC. */
  readonly from: number;
  readonly errors: readonly number[];
}

export interface MonitorResult {
  /** ISO 8601, UTC. */
  readonly deployedAt: string;
  readonly hoursBefore: number;
  readonly hoursAfter: number;
  readonly sources: readonly WatchedSource[];
  readonly signatures: readonly SignatureTotal[];
  readonly rates: readonly RateTotal[];
  /** The most frequent after the deployment, and how many there are beside them. */
  readonly groups: readonly ErrorGroup[];
  readonly groupsLeft: number;
  readonly slowest: readonly StatementTiming[];
  readonly chart: ErrorChart | null;
  /** Why it is not proven. */
  readonly reasons: readonly string[];
}

// What the database says.

/** A check, or one of the queries beside them. */
export interface VerifiedCheck {
  readonly title: string;
  readonly outcome: WatchVerdict;
  /** How many rows it looked at. */
  readonly assertions: number;
  /** Rows that are not as expected; of a query beside the checks all. */
  readonly rows: readonly VerifiedRow[];
  /** Why it failed or is not proven beside its rows. */
  readonly reason: string | null;
  readonly milliseconds: number;
}

export interface VerifiedRow {
  readonly object: string;
  readonly expected: string;
  readonly actual: string;
  readonly outcome: WatchVerdict;
}

/** A definition that is not what the deployment left. */
export interface DriftedObject {
  /** `policy own_notes on public.notes` */
  readonly object: string;
  /** null: it is new, or gone. */
  readonly before: string | null;
  readonly after: string | null;
  /** ISO 8601, UTC; null: the server does not keep it (track_commit_timestamp), or it is gone. */
  readonly changedAt: string | null;
  /** Whether the fix made or changed it, it is on, or speaks of, one of the fix's tables, or what is on these asks it. */
  readonly isOfFix: boolean;
}

export type DriftResult =
  | { readonly kind: 'unknown'; readonly reason: string }
  | {
      readonly kind: 'compared';
      /** ISO 8601, UTC: between then and `at` something changed, or nothing. */
      readonly recordedAt: string;
      readonly at: string;
      /** Of the fix as it was deployed. */
      readonly bundle: { readonly title: string; readonly digest: string };
      /** Whether the deployment has recorded what roles might do: older versions did not. */
      readonly comparesRoles: boolean;
      readonly objects: number;
      readonly changes: readonly DriftedObject[];
    };

/** What reads the fix's tables with its owner's rights, and roles of the application may use. */
export interface PastPolicies {
  readonly object: string;
  readonly why: string;
}

export interface VerifyResult {
  readonly place: string;
  readonly database: string;
  readonly role: string;
  readonly serverVersion: string;
  /** What the server says about the transaction, and whether it is a replica. */
  readonly isReadOnly: boolean;
  readonly isReplica: boolean;
  /** Where the server's certificate or name was not verified; null: it was. */
  readonly sslWarning: string | null;
  readonly checks: readonly VerifiedCheck[];
  readonly queries: readonly VerifiedCheck[];
  readonly drift: DriftResult;
  readonly pastPolicies: readonly PastPolicies[];
  /** Why it is not proven. */
  readonly reasons: readonly string[];
}

/** What `monitor` and `verify` end in. */
export type WatchReport = MonitorReport | VerifyReport;

export interface MonitorReport extends WatchReportOf<'monitor'> {
  readonly monitor: MonitorResult;
}

export interface VerifyReport extends WatchReportOf<'verify'> {
  readonly verify: VerifyResult;
}

/** A box of the bundle's criteria, as far as this report shows it. */
export interface WatchedCriterion {
  readonly title: string;
  readonly outcome: 'met' | 'open';
  readonly shown: readonly string[];
}

interface WatchReportOf<Command> {
  readonly formatVersion: 1;
  readonly command: Command;
  readonly verdict: WatchVerdict;
  readonly bundle: { readonly title: string; readonly digest: string };
  readonly criteria: readonly WatchedCriterion[];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number;
}
