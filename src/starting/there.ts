/** What is in somebody's database that a bundle can begin with. */
import { isNameableTable } from '../bundle/table-name.js';
import { quoteIdentifier } from '../database/quote.js';

export interface Column {
  readonly name: string;
  /** As `format_type` writes it; of a domain, the type that it rests on. */
  readonly type: string;
  /** The domain's own constraints, as they are written; null: it is of none. */
  readonly domainChecks: readonly string[] | null;
  readonly labels: readonly string[];
  readonly isRequired: boolean;
  /** Has a default, is numbered, or is computed. */
  readonly isFilled: boolean;
  readonly default: string | null;
  /** Nobody but Postgres gives it a value, or only who insists. */
  readonly isGenerated: boolean;
  readonly isNumbered: boolean;
}

export interface Key {
  readonly columns: readonly string[];
  /** `schema.name`, unquoted. */
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

export interface Table {
  /** `schema.name`, unquoted. */
  readonly name: string;
  readonly quoted: string;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  /** Of unique constraints and indexes of whole rows. */
  readonly unique: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly keys: readonly Key[];
  readonly checks: readonly {
    readonly name: string;
    readonly definition: string;
    readonly columns: readonly string[];
  }[];
  /** What says of its partitions which rows they take, and by which columns; null: it has none. */
  readonly partitions: { readonly columns: readonly string[]; readonly bounds: string } | null;
  readonly hasRowSecurity: boolean;
  readonly policies: number;
  /** Roles with a privilege on its rows that policies bind; `public` is everybody. */
  readonly grantees: readonly string[];
  readonly isPartition: boolean;
}

/** A row that was made up. */
export interface Row {
  /** What inserts it; empty where something else does. */
  readonly statement: string;
  /** What Postgres made of it, as text, by column. */
  readonly values: Readonly<Record<string, string | null>>;
}

/** A table that a row was to be made up for, and what refused it: the table itself, or one that its keys lead to. */
export interface Unfilled {
  readonly table: string;
  readonly refusal: Refusal;
}

export interface Refusal {
  readonly table: string;
  readonly message: string;
  readonly constraint: string | null;
}

/** Whether a manifest can name it, and tell its rows by something. */
export function isNameable({ name, columns }: Table): boolean {
  return isNameableTable(name) && columns.length > 0;
}

/** To switch it on would have policies speak that nobody has heard: that is for somebody to decide. */
export function isDormant({ hasRowSecurity, policies }: Table): boolean {
  return !hasRowSecurity && policies > 0;
}

/** Roles that reach some of them by a privilege, but for `public`. */
export function granteesOf(tables: readonly Table[]): string[] {
  return [...new Set(tables.flatMap(({ grantees }) => grantees))].filter((role) => role !== 'public');
}

export function bare(table: string): string {
  return table.slice(table.indexOf('.') + 1);
}

/** Of the primary key that a fix adds, as Postgres calls one. */
export const keyNameOf = (table: string): string => `${bare(table)}_pkey`;

export function listOf(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}
