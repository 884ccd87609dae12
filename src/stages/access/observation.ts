/** What people can do, as it was observed: of each table and view the rows, and which of them each person reaches. */
import type { Person } from './people.js';
import type { Policy, Rules, Verb } from './relation.js';

/** A row of a table or view, as it was found. */
export interface Row {
  /** Where it lies, or null where it is told by its content. */
  readonly place: string | null;
  readonly values: ReadonlyMap<string, string | null>;
}

/** What people can do with one table or view. Rows are numbers, places in `rows`. */
export interface Sight {
  readonly table: string;
  readonly kind: string;
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  /** What each role of the API may do by its privileges, and under which rules. */
  readonly roles: ReadonlyMap<string, RoleSight>;
  /** What each person can do, in the order of the people; an error where the database gave no answer. */
  readonly abilities: readonly Readonly<Record<Verb, Ability>>[];
  /** Of which rows each person tried to add a copy; of all others nobody knows. */
  readonly copied: readonly ReadonlySet<number>[];
  /** Whether `rows` are some of those there are. */
  readonly isSampled?: boolean;
}

export interface RoleSight {
  readonly reads: readonly string[];
  readonly changes: readonly string[];
  readonly adds: readonly string[];
  readonly deletes: boolean;
  /** Whether policies bind it. */
  readonly isGuarded: boolean;
  readonly rules: Rules;
  readonly policies: readonly Policy[];
}

export type Ability = ReadonlySet<number> | { readonly sqlstate: string; readonly message: string };

export const isUnknown = (ability: Ability): ability is Exclude<Ability, ReadonlySet<number>> =>
  'sqlstate' in ability;

export interface Observation {
  readonly people: readonly Person[];
  readonly sights: ReadonlyMap<string, Sight>;
  /** Why some of what is there was not looked at. */
  readonly unseen: readonly string[];
  /** Whether what took too long was left. */
  readonly isTimed?: boolean;
}
