/** What loading has come to so far: how many statements, what was left out, what was added. */
import type { ScriptStatement } from '../before/read-statements.js';
import { counted } from '../counted.js';
import type { LeftOut, LoadingResult, Verdict } from '../model.js';

/** A thing that is not there because the statement that makes it was left out. */
export interface Missing {
  /** What an error, or a statement, that needs it would say. */
  readonly words: RegExp;
  readonly leftOut: LeftOut;
}

export interface OwnedByHost {
  readonly statement: string;
  readonly line: number;
}

export interface Ledger {
  statements: number;
  loaded: number;
  rows: number;
  readonly leftOut: LeftOut[];
  readonly missing: Missing[];
  /** Roles that statements name and no file makes: made by us. */
  readonly roles: Set<string>;
  /** Roles that the files make. */
  readonly madeRoles: Set<string>;
  accounts: number;
  /** Extensions for which the platform's stand-in was made. */
  readonly standIns: Set<string>;
  /** Roles to which the files give what they make: here the deployer stands for them. */
  readonly owners: Set<string>;
  /** Who is to own what is the host's own: given away when the file has done with it. */
  readonly owned: OwnedByHost[];
  /** Event triggers that fire on what is loaded, and are not there when the fix is tried. */
  readonly eventTriggers: Map<string, LeftOut>;
  /** Whether a file told Postgres not to check keys. */
  isUnchecked: boolean;
  /** The database that a file connects to, which is this one. */
  database: string | null;
  /** Whether anything was done there but to look around: pg_dumpall connects to each, also where there is nothing. */
  isDatabaseUsed: boolean;
  /** The command at which psql would have ended. */
  ended: { readonly path: string; readonly text: string; readonly line: number } | null;
  /** The command that connected to another one since, where pg_dumpall may find nothing, either. */
  elsewhere: {
    readonly path: string;
    readonly text: string;
    readonly line: number;
    readonly name: string;
  } | null;
  /** Whether the file connects at all, as those of several databases do. */
  isConnected: boolean;
  /** Since it connected, what databases that hold nothing say of themselves, too: run before what makes something, or passed over. */
  readonly waiting: ScriptStatement[];
}

export function openLedger(): Ledger {
  return {
    statements: 0,
    loaded: 0,
    rows: 0,
    leftOut: [],
    missing: [],
    roles: new Set(),
    madeRoles: new Set(),
    accounts: 0,
    standIns: new Set(),
    owners: new Set(),
    owned: [],
    eventTriggers: new Map(),
    isUnchecked: false,
    database: null,
    isDatabaseUsed: false,
    ended: null,
    elsewhere: null,
    isConnected: false,
    waiting: [],
  };
}

export function closeLedger(ledger: Ledger, outcome: Verdict): LoadingResult {
  const { statements, loaded, rows, leftOut, roles, accounts } = ledger;
  const added = [
    ...[...roles].sort().map((role) => `the role ${role}, which is named and not made`),
    ...(accounts > 0
      ? [`${counted(accounts, 'account')} in auth.users, which rows are keyed to and no file holds`]
      : []),
  ];
  return { outcome, statements, loaded, rows, leftOut, added };
}
