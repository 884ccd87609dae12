/** A database that a fix is rehearsed on: as a bundle brings it, or what somebody gives. */
import type { GivenSetting } from './setting.js';
import type { SqlFile } from './sql.js';

export type StateExpectation =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse'; readonly sqlstate: string };

/** A starting database: the one file of a state of the bundle, or what `--before` names. */
export interface State {
  /** The file's name without folder and ending, `07_messages_keyed_to_rooms`. */
  readonly name: string;
  readonly title: string;
  readonly platform: string | null;
  readonly deployer: string | null;
  readonly expectation: StateExpectation;
  /** How many rows the fix must quarantine, or null where that is not judged. */
  readonly quarantine: number | null;
  /** What its user gives beside what is given for every state. */
  readonly settings: readonly GivenSetting[];
  readonly files: readonly SqlFile[];
  /** What `before` names, loaded instead of `files`; empty for a state of the bundle. */
  readonly before: readonly BeforeFile[];
  /** Files with SQL in the folders that `before` names, which are not loaded. */
  readonly leftAlone?: readonly string[];
}

/** What is copied of a database beside its schema. */
export type RowsOfBefore = 'none' | 'all' | number;

/** A file or a database that somebody has, recognised by its content. It may be of any size, so its text is read when it is loaded. */
export interface BeforeFile {
  /** As messages show it: as the user typed it, or within the folder that they typed. */
  readonly path: string;
  readonly form:
    | { readonly kind: 'plain' | 'gzip' }
    /** pg_dump's custom, directory or tar form, and the program that reads it. */
    | { readonly kind: 'archive'; readonly pgRestore: string }
    /** What `schema-fix deploy` wrote; the key is a secret, and null where it was not encrypted. */
    | { readonly kind: 'backup'; readonly key: string | null }
    /** A database, by its address, which holds a password, and how many rows of each table: a number is a sample. */
    | { readonly kind: 'database'; readonly address: string; readonly rows: RowsOfBefore };
  /** Whether it is the work of pg_dump: its statements say all privileges that there are. */
  readonly isDump: boolean;
  /** Whether somebody wrote it with lines that all end in `\r\n`. A dump that has them got them on its way. */
  readonly hasWindowsLines?: boolean;
}
