/** What a bundle says of people: who they are, what each may do, and what may differ. */
import type { SqlFile } from './sql.js';

/** A difference between what people could do and can do that is meant, of rows about which a rule of the bundle speaks. */
export interface DeclaredDifference {
  readonly table: string;
  readonly verb: AccessVerb;
  readonly outcome: 'gained' | 'lost';
  /** Only of rows that a stranger reached (open), or only where nobody reached any (shut). null: whoever it was. */
  readonly when: 'open' | 'shut' | null;
  /** Of a change: only of these columns. null: of all. */
  readonly columns: readonly string[] | null;
  /** A query of the prelude that gives the columns, where the manifest does not list them. */
  readonly columnsFrom: string | null;
  readonly reason: string;
}

/** One under which nothing falls. */
export type IdleDifference = Pick<DeclaredDifference, 'table' | 'verb' | 'outcome' | 'when' | 'columns'>;

export type AccessVerb = 'read' | 'change' | 'delete' | 'add';

/** Who is to reach which row after the fix, where that is not simply who reached it before. */
export interface Access {
  /** A query for the people in the data, or null for the platform's accounts. */
  readonly people: string | null;
  readonly differences: readonly DeclaredDifference[];
  /** Functions with their definer's rights that roles of the API may call from now on, `schema.name`. */
  readonly functions: readonly string[];
  readonly rules: readonly AccessRule[];
  /** `access/setup.sql`, run before the rules, where there is one. */
  readonly setup: SqlFile | null;
}

/** A query over the database as it was: person, source, row and verb. */
export interface AccessRule {
  readonly number: number;
  readonly title: string;
  readonly file: SqlFile;
}
