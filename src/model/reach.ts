/** Who can do what, before and after. */
import type { AccessVerb, IdleDifference } from './access-rules.js';
import type { Verdict } from './verdict.js';

/** What some people could do and cannot, or can do and could not, with some rows of one table. */
export interface AccessDifference {
  readonly outcome: 'gained' | 'lost';
  /** Whether the bundle says so: one that it does not say is a failure. */
  readonly isDeclared: boolean;
  readonly table: string;
  readonly verb: AccessVerb;
  readonly people: number;
  readonly rows: number;
  /** Somebody of them and one of the rows; withheld on a target. */
  readonly person: string | null;
  readonly row: string | null;
  /** The policies that decide about it. */
  readonly policies: readonly string[];
  /** Why it was expected, or what it contradicts. */
  readonly reason: string;
  /** There where nothing was lost: a rule says that they can, and they could not before either. */
  readonly isDeniedAsBefore?: boolean | undefined;
}

/** How many rows of one table the people of one kind can reach together, a person and a row each; null: an error was the answer. */
export interface ReachResult {
  readonly table: string;
  readonly who: 'in the data' | 'actor' | 'stranger' | 'visitor';
  readonly role: string;
  readonly people: number;
  readonly before: Readonly<Record<AccessVerb, number | null>>;
  readonly after: Readonly<Record<AccessVerb, number | null>>;
}

export interface WithdrawnColumns {
  readonly role: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export interface AccessResult {
  readonly outcome: Verdict;
  /** Who was tried: those in the data, the actors, strangers and visitors. */
  readonly people: number;
  /** Tables and views, and rows in them. */
  readonly tables: number;
  readonly rows: number;
  readonly verbs: readonly AccessVerb[];
  /** People who read what they read before, neither more nor less but for what an error had refused. */
  readonly readAsBefore: number;
  /** People who were refused by an error, and read again what a rule says. */
  readonly readAgain: number;
  readonly gained: number;
  readonly lost: number;
  /** The same, as the bundle says. */
  readonly gainedAsDeclared: number;
  readonly lostAsDeclared: number;
  readonly differences: readonly AccessDifference[];
  /** Of tables of which anybody reached anything; a table that was not there has zeros. */
  readonly reach?: readonly ReachResult[] | undefined;
  /** Columns to which a role that goes on inserting rows gives no value any more. */
  readonly withdrawn?: readonly WithdrawnColumns[] | undefined;
  /** Of the bundle, what this database has: rules that spoke of a row, and `access.people` where it named somebody. */
  readonly seen: readonly string[];
  /** What was not looked at, and why. */
  readonly unseen: readonly string[];
  /** Entries of `access.differences` under which nothing falls here: in rehearsals of the whole fix. */
  readonly idle?: readonly IdleDifference[] | undefined;
  /** Of a target: tables of which some rows were tried, because they are large. */
  readonly sampled?: readonly SampledTable[] | undefined;
  /** Those in the data where their differences are told in numbers alone, and decide nothing; they are not among `people`. */
  readonly unjudged?: { readonly people: number; readonly reason: string } | undefined;
  /** Why it failed beside the differences. */
  readonly reasons: readonly string[];
}

export interface SampledTable {
  readonly table: string;
  /** Rows that were tried. */
  readonly rows: number;
  /** Those of them that were found again after the fix. */
  readonly found: number;
}
