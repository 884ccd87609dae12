/** What is at hand while a file is loaded, and how a statement is accounted for. */
import type { ScriptItem } from '../before/read-statements.js';
import type { Session } from '../database/with-session.js';
import type { BeforeFile, LeftOutKind, StandIn } from '../model.js';
import type { DescribedStatement } from './describe-statement.js';
import { leaveOut } from './leave-out.js';
import type { Ledger } from './ledger.js';
import type { GuardedRunner } from './run-guarded.js';

export interface LoadContext {
  readonly session: Session;
  readonly runner: GuardedRunner;
  readonly file: BeforeFile;
  readonly deployer: string;
  readonly ledger: Ledger;
  /** The SQL of the fix. */
  readonly fix: readonly string[];
  readonly standIns: readonly StandIn[];
  /** Whether the platform below is Supabase's. */
  readonly isSupabase: boolean;
  /** Of whoever hosts the database, and of extensions that were left out: a statement about these alone may be left out. */
  readonly hostSchemas: Set<string>;
  /** Once it is aborted, the database that is copied is left alone. */
  readonly signal: AbortSignal;
}

export type SqlItem = Exclude<ScriptItem, { kind: 'command' }>;

/** Of a database, with all that it holds: it says every privilege that there is, also where it says none. */
export function isACopy({ form }: BeforeFile): boolean {
  return form.kind === 'database' || form.kind === 'backup';
}

export function countLoaded(ledger: Ledger): void {
  ledger.statements += 1;
  ledger.loaded += 1;
}

/** Adds it to the list, and gives the answer that it is no problem. */
export function leave(
  { ledger, file, fix }: LoadContext,
  { line }: SqlItem,
  left: { kind: LeftOutKind; described: DescribedStatement; reason: string; isThere?: boolean },
): null {
  leaveOut(ledger, { path: file.path, line }, { ...left, fix });
  return null;
}
