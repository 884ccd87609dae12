/** How a fix is applied to a database, and what is told of it meanwhile. */
import type { Keeping } from '../database/commit.js';
import type { DefinitionChange, Finding, Section, StageName } from '../model.js';
import type { AccessNotes } from './access/access.js';
import type { OnNotice } from './apply-sections.js';
import type { About } from './history/record-deployment.js';
import type { Window } from './keep-to-window.js';
import type { Limits } from './limit-waiting.js';
import type { Prepared } from './prepare/prepare-indexes.js';

/** What keeps a fix from a database that it is not meant for, or not now. */
export interface TargetGuards {
  /** Whether it may make its tables where none of them is there. */
  readonly mayCreate: boolean;
  readonly window: Window;
  /** A plan ends like a deployment that was refused at its last moment. */
  readonly ending: 'commit' | 'rollback';
  /** What was approved; null: whatever the proofs let through. */
  readonly planned: readonly DefinitionChange[] | null;
  /** How long the first lock of the tables is waited for; everybody else who wants them waits behind it. */
  readonly firstLock: { readonly milliseconds: number } | null;
  readonly keeping: Keeping;
}

export interface FixOptions extends Limits {
  /** On a target access is tried by reading alone; what scenarios write is undone. */
  readonly place: 'rehearsal' | 'target';
  /** null: the database is ours. */
  readonly guards: TargetGuards | null;
  /** What is said of the deployment beside what it replaces, so that it can be rolled back; null: nothing is recorded. */
  readonly record: About | null;
  /** Told who reached what before the fix. */
  readonly onReach?: (notes: AccessNotes) => void;
  /** What is known about a target before it is looked at. */
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
  readonly expectedQuarantine: number | null;
  /** Indexes that were made before. */
  readonly prepared?: Prepared | null;
  /** Large tables of which it is known that the fix writes into them, so that their rows are noted on a target, too. */
  readonly written?: ReadonlySet<string>;
  readonly onNotice: OnNotice;
  readonly onStage: (stage: StageName) => void;
  /** Told of a lock that could not be had, in a sentence. */
  readonly onWait: (text: string) => void;
}
