/** What a bundle says of rows: what may become of them, and by what they are recognised. */

export type FactType = 'text' | 'uuid' | 'timestamptz' | 'bigint';

/** One thing that a row says: in the first of `columns` that exists and is not null; the others are its older names. */
export interface Fact {
  readonly name: string;
  readonly columns: readonly string[];
  /** A query of the prelude that gives the columns, in their order, where the manifest does not list them. */
  readonly columnsFrom: string | null;
  readonly type: FactType;
  /** A SQL expression of the old row: what the fix may make of `value`; of another type, where it cannot be read as `type`. */
  readonly normalise: string | null;
  /** A SQL expression of `value`, of the old row and of the new: what has to be the same, where the values are not. */
  readonly comparedAs: string | null;
  /** A SQL condition on the old row: whether `value` may be replaced. One that is null always may. */
  readonly gap: string | null;
  /** A SQL condition on the new row: what may stand where a gap was. */
  readonly fill: string | null;
  /** Whether the fix makes the values unique: of several rows with one value any may get another. */
  readonly isMadeUnique: boolean;
}

/** Which rows may be put into quarantine, and the reason that has to stand there. */
export interface QuarantineRule {
  readonly reason: string;
  /** A SQL condition on the row as it was, whose facts are `said.NAME`; null: another row of its table says the same of `by`, and stays. */
  readonly when: string | null;
}

/** Rows that may not be lost. Tables are written `schema.name`. */
export interface Preserved {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The facts by which a row is named in a report; none: its primary key. */
  readonly by: readonly string[];
  /** Whether several equal rows may become one. */
  readonly merge: boolean;
  /** Facts and columns in which rows that become one may differ. */
  readonly yields: readonly string[];
  /**
   * What a row may leave behind where the table that it comes to has no such fact or column: the values, or `any`. `anew`: any, and
   * where the table has such a column it may say something else there.
   */
  readonly leaves: Readonly<Record<string, readonly string[] | 'any' | 'anew'>>;
  /** Facts and columns that a copy need not have, since the row itself stays where it is. */
  readonly notCopied: readonly string[];
  /** A query of the prelude that gives them, or null. */
  readonly notCopiedFrom: string | null;
  /** A SQL condition on a new row: which rows may be there that nobody had before. */
  readonly appears: string | null;
  readonly quarantine: readonly QuarantineRule[];
  /** Reasons for which a copy of a row may be in quarantine that itself stays or moves. */
  readonly copies: readonly string[];
  readonly facts: readonly Fact[];
}

/** What may become of a table because of its foreign key to one of the fix's. */
export interface KeyedTables {
  /** Whether the key may become what the column that it points at becomes. */
  readonly retype: boolean;
  /** Whether the key may become null. */
  readonly detach: boolean;
  /** Whether its rows may be put into quarantine. */
  readonly quarantine: boolean;
}
