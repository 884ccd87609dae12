/** What became of every row and object. */
import type { Verdict } from './verdict.js';

/** A row that is not what it was, by the facts it was recognised by. On a target the content is withheld. */
export interface LostRow {
  readonly table: string;
  readonly facts: string;
  readonly word: Exclude<DifferenceWord, 'appeared' | ObjectWord>;
  /** Which columns differ, or were left behind. */
  readonly columns: readonly string[];
}

export type DifferenceWord = 'gone' | 'changed' | 'appeared' | 'moved without being declared' | ObjectWord;

/** What no trial of it answers. */
type ObjectWord =
  | 'depends on where it runs'
  | 'asks what nobody was tried with'
  | 'reaches out of the database'
  /** It writes, notifies or empties something elsewhere, whatever it answers. */
  | 'acts beyond its row'
  /** It is as it was, and what it names is not. */
  | 'means something else'
  /** A function that the fix made, which Postgres cannot read. */
  | 'raises an error'
  /** The next numbers of a sequence are in its column already. */
  | 'comes to what is taken'
  /** What people could write before, as they wrote it. */
  | 'refuses what was taken'
  /** A materialized view says what its tables do not say, or no longer. */
  | 'are not what its query answers';

export interface PreservedResult {
  readonly name: string;
  readonly outcome: Verdict;
  readonly before: number;
  /** Found where they were. */
  readonly inPlace: number;
  /** Found in another table of `to`. */
  readonly moved: number;
  /** Equal to a row that was found; only where the manifest allows it. */
  readonly merged: number;
  readonly quarantined: number;
  readonly lost: number;
  /** The first 20 of them. */
  readonly lostRows: readonly LostRow[];
  /** New ones that `appears` lets be there. */
  readonly appeared: number;
  /** Values that are others, or not there, because `normalise`, `gap` or `leaves` lets them. */
  readonly excused: readonly ExcusedValues[];
}

export interface ExcusedValues {
  readonly fact: string;
  readonly normalised: number;
  /** How many fewer different values there are by that. */
  readonly alike: number;
  readonly filled: number;
  /** How many a move left behind, or says anew. */
  readonly left?: number | undefined;
}

/** Keys of one column that followed what they point at, and those that forgot it because it is not there any more. */
export interface KeyChanges {
  readonly table: string;
  readonly column: string;
  readonly followed: number;
  readonly forgotten: number;
}

/** How a row, a column or a table differs from what it was, without the manifest saying that it may. */
export interface RowDifference {
  readonly word: DifferenceWord;
  readonly table: string;
  /** What the row is known by; null: the whole table, or one of its columns. */
  readonly key: string | null;
  readonly columns: readonly string[];
}

/** An object that is another, made or gone, and what it sets going and asks, through whatever it calls. */
export interface ObjectDifference extends RowDifference {
  /** How it is written now, where that is short. */
  readonly text: string | null;
  /** Tells it from another under the same name, where `text` does not. */
  readonly digest: string | null;
  readonly does: readonly string[];
  /** Whether, as it was, it refused something or acted on what is written, of a table that is still there. */
  readonly protected: boolean;
}

/** The proof that nothing else differs: every row and every column of every table. */
export interface ComparisonResult {
  readonly outcome: Verdict;
  /** Tables that were to be compared, and those that were: with all their rows, or because this transaction wrote nothing into them. */
  readonly planned: number;
  readonly compared: number;
  readonly unwritten: number;
  readonly rows: number;
  readonly differing: number;
  /** The first 20 of each table. */
  readonly differences: readonly RowDifference[];
  /** What `keyed` of the manifest let differ. */
  readonly keys: readonly KeyChanges[];
  /** Objects that differ as the manifest says, and what decides about the fix's own tables now. */
  readonly declared: readonly ObjectDifference[];
  /** Of the manifest, what this database has: tables, columns of facts written `kind.fact.column`, and what let something differ. */
  readonly seen: readonly string[];
}

export interface PreservationResult {
  readonly outcome: Verdict;
  readonly comparison: ComparisonResult;
  readonly kinds: readonly PreservedResult[];
  readonly quarantine: {
    readonly expected: number | null;
    readonly actual: number;
    readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  } | null;
  readonly reason: string | null;
}
