/** What people could do and what they can do, side by side, and a difference between the two. */
import type { AccessVerb } from '../../model.js';
import type { Declared } from './declared.js';
import type { Observation } from './observation.js';
import type { Kinship, Place } from './recognise-rows.js';
import type { Rules } from './run-rules.js';

/**
 * Table → its rows, each by the table's number and where it was, `16384(0,1)` → for which reason of the manifest it may be in
 * quarantine; null: for none.
 */
export type SetAside = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

/** One person, one verb, one row. */
export interface Change {
  readonly outcome: 'gained' | 'lost' | 'regained';
  /** Place in the list of people. */
  readonly person: number;
  readonly verb: AccessVerb;
  /** Where the difference is seen: now, or for something lost, before. */
  readonly place: Place;
  readonly isDeclared: boolean;
  readonly reason: string;
  /** Of what was lost: a rule says that they can, and they never could. */
  readonly isDeniedAsBefore?: boolean;
}

export interface Comparison {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
  /** Rows that are in quarantine now. */
  readonly setAside: SetAside;
  readonly rules: Rules;
  readonly declared: Declared;
  /** Of the manifest: rows that appear in them are accounted for as rows. */
  readonly tables: readonly string[];
  /** What was tried. */
  readonly verbs: readonly AccessVerb[];
  /** Why of those in the data nobody can be judged: rules say who is to reach what, and were not asked; null where they were. */
  readonly unasked: string | null;
  /** A part of the fix is not blamed for what it was not meant to do, only for what it broke. */
  readonly isWholeFix: boolean;
}
