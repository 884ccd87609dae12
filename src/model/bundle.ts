/** A fix, read from a folder: the bundle, and the sections of it that are run. */
import type { Access } from './access-rules.js';
import type { Criterion, Monitoring } from './criteria.js';
import type { Platform } from './platform.js';
import type { KeyedTables, Preserved } from './preserve.js';
import type { BundleSetting } from './setting.js';
import type { SqlFile } from './sql.js';
import type { State } from './state.js';

export interface Section {
  readonly number: number;
  readonly title: string;
  /** Numbers of the sections without which this one cannot run. */
  readonly needs: readonly number[];
  readonly file: SqlFile;
  /** What runs after the file: the files of the folder that bears its name, for a section too long for one. */
  readonly parts: readonly SqlFile[];
}

export interface Check {
  readonly number: number;
  readonly title: string;
  readonly file: SqlFile;
}

export type Expectation =
  | { readonly kind: 'rows'; readonly count: number }
  | { readonly kind: 'affected'; readonly count: number }
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly message: string | null }
  | { readonly kind: 'refused' };

export interface Step {
  readonly title: string;
  /** The name of an actor of the manifest, or `deployer`. */
  readonly actor: string;
  readonly expectation: Expectation;
  /** Keeps the first column of the first row as the setting `scenario.NAME`. */
  readonly keep: string | null;
  /** Where the step's SQL begins in its file: 1 is the first line. */
  readonly line: number;
  readonly sql: string;
}

export interface Scenario {
  readonly number: number;
  readonly title: string;
  readonly steps: readonly Step[];
  readonly file: SqlFile;
}

/** Who a scenario's step is run as: a database role, and what the server of the application says of who asks. */
export interface Actor {
  readonly name: string;
  readonly role: string;
  /** Of the token that a data API would have checked. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Settings of Postgres that the application makes for a request, `app.user_id`; blank where only other actors have them. */
  readonly session: Readonly<Record<string, string>>;
  /** What rows call them: the subject of the token, or else the first of the settings. */
  readonly subject: string | null;
}

/** What the application asks for, to be timed before the fix and after it. */
export interface Read {
  readonly number: number;
  readonly title: string;
  readonly file: SqlFile;
}

export interface Bundle {
  /** The absolute path of its folder. */
  readonly folder: string;
  /** Its bundle.yml as it is written, for whoever says where in it something stands. */
  readonly manifest: SqlFile;
  /** SHA-256 of its content, wherever it lies: reports of one digest speak of the same fix. */
  readonly digest: string;
  readonly title: string;
  /** Every platform that the manifest or a state names. */
  readonly platforms: readonly Platform[];
  readonly platform: string | null;
  readonly deployer: string | null;
  readonly tables: readonly string[];
  /** A query that names those of `tables` that are the fix's business in this database; null: all of them are. */
  readonly claims: string | null;
  readonly quarantine: string | null;
  /** Where the fix notes which tables it has read once and for all. */
  readonly imported: string | null;
  readonly preserve: readonly Preserved[];
  /** Tables, `schema.name`, and columns, `schema.name.column`, that the fix makes beside those that it is about. */
  readonly adds: readonly string[];
  /** Tables and columns that the fix may drop once nothing is in them that is nowhere else, and objects: `trigger audit on public.fees`. */
  readonly drops: readonly string[];
  /** What guards data or acts on it and the fix may change or, on tables of others, make: `trigger audit on public.fees`. */
  readonly changes: readonly string[];
  /** Queries of the prelude that name more of them, which was there before the fix. */
  readonly changesFrom: readonly string[];
  /** What they name, whole. */
  readonly changesFound: readonly string[];
  readonly keyed: KeyedTables | null;
  readonly settings: readonly BundleSetting[];
  readonly monitor: Monitoring;
  readonly criteria: readonly Criterion[];
  readonly reads: readonly Read[];
  readonly actors: readonly Actor[];
  /** Facts and tools in the schema `schema_fix`, made before the first section and dropped after the last. */
  readonly prelude: readonly SqlFile[];
  readonly access: Access;
  /** Queries of the prelude for indexes that can be made before the fix begins. */
  readonly prepare: readonly Check[];
  readonly sections: readonly Section[];
  readonly checks: readonly Check[];
  /** What `verify` asks beside the checks, in their form. */
  readonly verify: readonly Check[];
  readonly scenarios: readonly Scenario[];
  /** `scenarios/setup.sql`, where there is one. */
  readonly scenarioSetup: SqlFile | null;
  readonly states: readonly State[];
}

/** The sections of one run, in order, and those that came along because a chosen one needs them. */
export interface SectionChoice {
  readonly sections: readonly Section[];
  readonly added: readonly { readonly number: number; readonly neededBy: number }[];
}
